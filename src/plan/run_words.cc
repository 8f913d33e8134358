#include "plan/run_words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "plan/hints.h"
#include "plan/positional.h"

namespace sz::plan {
namespace {

std::vector<const OptionDeclaration*> all_globals() {
  std::vector<const OptionDeclaration*> all;
  for (const OptionDeclaration& option : globals()) all.push_back(&option);
  return all;
}

/// Whether the command line has its own word for what an option of the file says.
bool overridden(const Taken& taken, std::span<const Taken> typed, bool inputs) {
  if (taken.option->name == "--input" && inputs) return true;
  return std::ranges::any_of(typed, [&](const Taken& other) {
    if (taken.option->pair) return other.option->pair && other.value == taken.value;  // the same $NAME
    return other.option == taken.option && !taken.option->repeats;
  });
}

}  // namespace

std::expected<RunWords, PlanError> read_run(Words words, std::size_t named, std::span<const Taken> before,
                                            Declarations known) {
  const std::vector<const OptionDeclaration*> options = all_globals();
  RunWords run;
  const std::size_t begin = named + 1;
  const auto dashes = static_cast<std::size_t>(std::ranges::find(words.subspan(begin), "--") - words.begin());
  auto behind = take_words(words, begin, dashes, options, false);
  if (!behind) return std::unexpected(std::move(behind.error()));

  std::vector<Taken> typed(before.begin(), before.end());
  std::vector<std::size_t> plain;
  for (const Taken& taken : behind->taken) {
    if (behind->unknown && behind->unknown->word < taken.name_word) break;
    if (taken.option == nullptr) {
      plain.push_back(taken.value_word);
    } else if (taken.option->name == help_option().name) {
      run.help = true;
      run.whole_help = words[taken.name_word] == help_option().name;
      return run;
    } else if (taken.option->name == "--version") {
      run.version = true;
      return run;
    } else {
      typed.push_back(taken);
    }
  }
  if (behind->unknown) return std::unexpected(unknown_global(words, *behind->unknown, known));
  for (std::size_t i = dashes + 1; i < words.size(); ++i) plain.push_back(i);
  if (plain.empty())
    return std::unexpected(PlanError{
        .message = "run needs FILE", .hint = "for example: sz run clean.sz app.log", .word = named});

  for (const Taken& taken : typed)
    if (taken.option->name == "--input") run.inputs.push_back(taken.value);
  for (const std::size_t word : std::span(plain).subspan(1)) {
    if (words[word].empty())
      return std::unexpected(
          PlanError{.message = "an empty word is no input file", .hint = {}, .word = word});
    run.inputs.push_back(words[word]);
  }

  run.from = {.file = {}, .typed = words.size(), .named = plain.front()};
  auto file = PipelineFile::read(words[run.from.named]);
  if (!file) {
    file.error().word = run.from.named;
    return std::unexpected(std::move(file.error()));
  }
  run.from.file = std::move(*file);
  run.words.assign(words.begin(), words.end());
  std::ranges::copy(run.from.file.words(), std::back_inserter(run.words));

  auto head = take_words(run.words, words.size(), run.words.size(), options, true);
  if (!head) return std::unexpected(run.from.located(std::move(head.error())));
  if (head->unknown)
    return std::unexpected(run.from.located(unknown_global(run.words, *head->unknown, known)));
  for (const Taken& taken : head->taken)
    if (!overridden(taken, typed, !run.inputs.empty())) run.globals.push_back(taken);
  std::ranges::move(typed, std::back_inserter(run.globals));
  run.begin = head->end;
  if (run.begin == run.words.size())
    return std::unexpected(
        PlanError{.message = fmt::format("{} has no stage", shell_word(words[plain.front()])),
                  .hint = "each line is a step, as in: filter .ok",
                  .word = plain.front()});
  if (const Declaration* command = find_stage(run.words[run.begin], commands());
      command != nullptr && find_stage(run.words[run.begin], known) == nullptr)
    return std::unexpected(run.from.located(
        PlanError{.message = fmt::format("{} stands on the command line, not in a file", command->name),
                  .hint = {},
                  .word = run.begin}));
  return run;
}

}  // namespace sz::plan
