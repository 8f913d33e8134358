#include "plan/command.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/nearest.h"
#include "core/quote.h"
#include "plan/arguments.h"
#include "plan/failure_limit.h"
#include "plan/grammar.h"
#include "plan/hints.h"
#include "plan/nesting.h"
#include "plan/option_parser.h"
#include "plan/positional.h"
#include "plan/run_words.h"
#include "plan/synonyms.h"
#include "plan/topics.h"

namespace sz::plan {
namespace {

constexpr std::uint64_t most_threads = 1024;

using Parsed = std::expected<Command, PlanError>;

PlanError at(std::size_t word, std::string message, std::string hint = {}) {
  return {.message = std::move(message), .hint = std::move(hint), .word = word};
}

/// What only the globals' own rules can refuse.
std::optional<PlanError> check_globals(const Arguments& globals) {
  const auto threads = globals.count("--threads");
  if (threads && (*threads == 0 || *threads > most_threads))
    return globals.error("--threads", fmt::format("--threads is a number from 1 to {}", most_threads));
  if (const auto text = globals.text("--max-failures"))
    if (const auto limit = parse_failure_limit(*text); !limit)
      return globals.error("--max-failures",
                           fmt::format("--max-failures \"{}\" {}", quote(*text, 60), limit.error()));
  if (const auto line = globals.count("--max-line"); line && *line == 0)
    return globals.error("--max-line", "--max-line is at least 1");
  return std::nullopt;
}

std::vector<const OptionDeclaration*> pointers(std::span<const OptionDeclaration> options) {
  std::vector<const OptionDeclaration*> all;
  for (const OptionDeclaration& option : options) all.push_back(&option);
  return all;
}

/// `sz help [SUBJECT]`.
Parsed help_on(const Arguments& arguments, Words words, std::size_t named, Declarations known) {
  const auto subject = arguments.text("SUBJECT");
  if (!subject) return ShowHelp{.subject = {}, .whole = true};
  std::vector<std::string_view> names;
  for (const Declaration* stage : known) names.push_back(stage->name);
  for (const Declaration* command : commands()) names.push_back(command->name);
  names.insert(names.end(), std::begin(topics), std::end(topics));
  std::string_view name = *subject;
  constexpr std::string_view joints[] = {"then", "+", "[", "]", "--"};
  if (std::ranges::find(joints, name) != std::end(joints))
    name = "pipeline";
  else if (const Declaration* stage = find_stage(name, known))
    name = stage->name;
  else if (const Declaration* command = find_stage(name, commands()))
    name = command->name;
  if (std::ranges::find(names, name) != names.end())
    return ShowHelp{.subject = std::string(name), .whole = true};
  const auto place = std::ranges::find(words.subspan(named + 1), *subject) - words.begin();
  std::string hint;
  if (*subject == "options") hint = "sz --help lists the options of sz, sz help STAGE those of a stage";
  if (const std::string_view page = page_for(*subject); !page.empty())
    hint = fmt::format("sz help {} has it", page);
  if (hint.empty()) hint = did_you_mean(*subject, names);
  if (hint.empty()) hint = "sz help lists the stages and topics";
  return std::unexpected(at(static_cast<std::size_t>(place),
                            fmt::format("no help on \"{}\"", quote(*subject, 60)), std::move(hint)));
}

/// The stages of `replay --stage`, by the names that dead letters have.
std::expected<std::vector<std::string>, PlanError> letter_stages(const Arguments& arguments,
                                                                 Declarations known) {
  constexpr std::string_view reading = "input";
  std::vector<std::string> stages = arguments.texts("--stage");
  for (std::size_t k = 0; k < stages.size(); ++k) {
    if (stages[k] == reading) continue;
    if (const Declaration* stage = find_stage(stages[k], known)) {
      stages[k] = stage->name;
      continue;
    }
    std::vector<std::string_view> names{reading};
    for (const Declaration* stage : known) names.push_back(stage->name);
    std::string hint = did_you_mean(stages[k], names);
    if (hint.empty()) hint = "sz dlq stats shows the stages of a dead-letter file";
    return std::unexpected(arguments.error_at(
        "--stage", k, fmt::format("there is no stage \"{}\"", quote(stages[k], 60)), std::move(hint)));
  }
  return stages;
}

Parsed make_command(const Declaration& command, const Arguments& arguments, Words words, std::size_t named,
                    Declarations known) {
  if (command.name == "help") return help_on(arguments, words, named, known);
  if (command.name == "completion") {
    constexpr std::string_view shells[] = {"bash", "zsh", "fish"};
    const std::string shell = arguments.text("SHELL").value_or("");
    if (std::ranges::find(shells, shell) == std::end(shells))
      return std::unexpected(arguments.error(
          "SHELL", fmt::format("no completion for \"{}\"", quote(shell, 60)), "there is bash, zsh and fish"));
    return ShowCompletion{shell};
  }
  if (command.name == "demo")
    return Demo{.count = arguments.count("--count").value_or(0),
                .rate = arguments.rate("--rate"),
                .seed = arguments.count("--seed").value_or(0)};
  const std::string file = arguments.text("FILE").value_or("");
  if (command.name == "dlq stats") return LetterStats{file};
  auto stages = letter_stages(arguments, known);
  if (!stages) return std::unexpected(std::move(stages.error()));
  return Replay{.file = file,
                .kinds = arguments.texts("--kind"),
                .stages = std::move(*stages),
                .as = arguments.text("--as") == "record" ? Replay::As::record : Replay::As::original};
}

/// The words of `replay`, `dlq stats`, `completion`, `help`: options and plain words in any order; behind
/// `--` only plain ones.
Parsed parse_own_command(const Declaration& command, Words words, std::size_t named, Declarations known) {
  std::size_t begin = named + 1;
  if (command.name == "dlq stats") {
    const bool help = begin < words.size() && (words[begin] == "-h" || words[begin] == "--help");
    if (!help && (begin == words.size() || words[begin] != "stats"))
      return std::unexpected(at(std::min(begin, words.size() - 1), "dlq has one use: sz dlq stats FILE"));
    if (!help) ++begin;
  }
  std::vector<const OptionDeclaration*> options = pointers(command.options);
  options.push_back(&help_option());
  const auto dashes = static_cast<std::size_t>(std::ranges::find(words.subspan(begin), "--") - words.begin());
  auto read = take_words(words, begin, dashes, options, false);
  if (!read) return std::unexpected(std::move(read.error()));
  for (const Taken& taken : read->taken)
    if (taken.option == &help_option())
      return ShowHelp{.subject = std::string(command.name), .whole = words[taken.name_word] == "--help"};
  if (read->unknown) return std::unexpected(unknown_option(words, *read->unknown, command, named));
  for (std::size_t i = dashes + 1; i < words.size(); ++i)
    read->taken.push_back({.option = nullptr,
                           .name_word = i,
                           .has_value = true,
                           .value_word = i,
                           .offset = 0,
                           .value = words[i]});

  Arguments arguments;
  arguments.step_word = named;
  std::vector<Taken> plain;
  for (const Taken& taken : read->taken) {
    if (taken.option == nullptr)
      plain.push_back(taken);
    else if (auto set = set_option(arguments, taken, words); !set)
      return std::unexpected(std::move(set.error()));
  }
  if (command.name == "help" && plain.size() == 2) {  // help dlq stats
    const std::string both = fmt::format("{} {}", plain[0].value, plain[1].value);
    if (find_stage(both, commands())) {
      plain[0].value = both;
      plain.pop_back();
    }
  }
  const auto extra = set_positionals(arguments, command, plain);
  if (!extra) return std::unexpected(extra.error());
  if (*extra)
    return std::unexpected(at((*extra)->value_word,
                              fmt::format("unexpected word \"{}\"", quote((*extra)->value, 60)),
                              fmt::format("sz {} -h shows what it takes", command.name)));
  for (const PositionalDeclaration& positional : command.positionals)
    if (positional.required && !arguments.given(positional.name))
      return std::unexpected(at(named, fmt::format("{} needs {}", command.name, positional.name),
                                fmt::format("for example: sz {}", command.examples.front().words)));
  set_fallbacks(arguments, command.options);
  return make_command(command, arguments, words, named, known);
}

/// `PIPELINE [-- FILE...]` from words[begin] on.
Parsed parse_invocation(Arguments globals, Words words, std::size_t begin, Declarations known) {
  auto parsed = parse_pipeline(words, begin, known);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  if (parsed->help) return ShowHelp{.subject = std::string(parsed->help->name), .whole = parsed->whole_help};
  std::size_t end = parsed->end;
  if (end < words.size() && words[end] == "]") return std::unexpected(at(end, "this ] has no ["));
  if (parsed->pipeline.steps.empty())
    return std::unexpected(at(end, "a stage is missing before \"--\"", "sz STAGE ... -- FILE..."));
  if (auto wrong = check_nesting(parsed->pipeline)) return std::unexpected(std::move(*wrong));
  Invocation invocation{.globals = std::move(globals), .pipeline = std::move(parsed->pipeline), .inputs = {}};
  invocation.inputs = invocation.globals.texts("--input");
  if (end < words.size()) ++end;
  for (; end < words.size(); ++end) {
    if (words[end].empty()) return std::unexpected(at(end, "an empty word is no input file"));
    invocation.inputs.push_back(words[end]);
  }
  return invocation;
}

/// The globals, checked.
std::expected<Arguments, PlanError> read_globals(std::span<const Taken> taken, Words words) {
  Arguments given;
  for (const Taken& one : taken)
    if (auto set = set_option(given, one, words); !set) return std::unexpected(std::move(set.error()));
  if (auto error = check_globals(given)) return std::unexpected(std::move(*error));
  set_fallbacks(given, globals());
  return given;
}

/// `run FILE [INPUT...]`; `before` are the globals before it.
Parsed parse_run(std::span<const Taken> before, Words words, std::size_t named, Declarations known) {
  auto run = read_run(words, named, before, known);
  if (!run) return std::unexpected(std::move(run.error()));
  if (run->help) return ShowHelp{.subject = "run", .whole = run->whole_help};
  if (run->version) return ShowVersion{};
  auto given = read_globals(run->globals, run->words);
  if (!given) return std::unexpected(run->from.located(std::move(given.error())));
  Parsed parsed = parse_invocation(std::move(*given), run->words, run->begin, known);
  if (!parsed) return std::unexpected(run->from.located(std::move(parsed.error())));
  if (auto* const invocation = std::get_if<Invocation>(&*parsed)) {
    if (!run->inputs.empty()) invocation->inputs = std::move(run->inputs);
    invocation->from = std::move(run->from);
  }
  return parsed;
}

/// `[GLOBAL...] PIPELINE`, or a command of its own, from words[first] on. `explained`: behind `explain`.
Parsed parse_from(Words words, std::size_t first, bool explained, Declarations known) {
  auto read = take_words(words, first, words.size(), pointers(globals()), true);
  if (!read) return std::unexpected(std::move(read.error()));
  std::vector<Taken> taken;
  for (Taken& one : read->taken) {
    if (read->unknown && read->unknown->word < one.name_word) break;
    if (one.option->name == "--version") return ShowVersion{};
    if (one.option->name == "--help")
      return ShowHelp{.subject = explained ? "explain" : "", .whole = words[one.name_word] == "--help"};
    taken.push_back(std::move(one));
  }
  if (read->unknown) {
    if (auto given = read_globals(taken, words); !given) return std::unexpected(std::move(given.error()));
    return std::unexpected(unknown_global(words, *read->unknown, known));
  }
  auto given = read_globals(taken, words);
  if (!given) return std::unexpected(std::move(given.error()));
  const std::size_t begin = read->end;
  if (begin == words.size()) return NoStage{};
  const Declaration* command = find_stage(words[begin], commands());
  if (command == nullptr) return parse_invocation(std::move(*given), words, begin, known);
  if (command->name == "run") return parse_run(taken, words, begin, known);
  if (explained)
    return std::unexpected(at(begin, fmt::format("explain takes a pipeline, not {}", words[begin])));
  if (begin > 0)
    return std::unexpected(
        at(0, fmt::format("{} takes no options before it", words[begin]),
           command->name == "explain" ? "they go behind it: sz explain --time .ts ..." : ""));
  if (command->name != "explain") return parse_own_command(*command, words, begin, known);
  Parsed parsed = parse_from(words, begin + 1, true, known);
  if (!parsed) return parsed;
  if (std::holds_alternative<NoStage>(*parsed))
    return std::unexpected(at(begin, "explain needs a pipeline", "for example: sz explain batch --size 100"));
  if (auto* const invocation = std::get_if<Invocation>(&*parsed)) return Explain{std::move(*invocation)};
  return parsed;
}

}  // namespace

Parsed parse_command(Words words, Declarations known) { return parse_from(words, 0, false, known); }

}  // namespace sz::plan
