#include "plan/hints.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/nearest.h"
#include "core/quantity.h"
#include "core/quote.h"
#include "plan/positional.h"
#include "plan/synonyms.h"
#include "plan/value.h"

namespace sz::plan {
namespace {

constexpr std::size_t shown = 60;  // bytes of a foreign word in a message

PlanError at(std::size_t word, std::string message, std::string hint) {
  return {.message = std::move(message), .hint = std::move(hint), .word = word};
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_path_char(char c) { return is_name_char(c) || std::string_view("./-").contains(c); }

/// `app.log`, `data/x`: not there, but a file to all appearance.
bool looks_like_file(std::string_view word) {
  constexpr std::string_view endings[] = {".json", ".jsonl", ".ndjson", ".log", ".txt", ".gz"};
  return std::ranges::all_of(word, is_path_char) && !word.starts_with('.') &&
         std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

/// A whole pipeline in one pair of quotes.
bool begins_with_stage(std::string_view word, Declarations known) {
  const std::size_t blank = word.find(' ');
  return blank != word.npos && find_stage(word.substr(0, blank), known) != nullptr;
}

bool balanced(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && --depth < 0) return false;
  }
  return depth == 0;
}

/// What a shell leaves of `{a,b:.c}`: names, each perhaps with a value.
bool is_piece_of_braces(std::string_view word) {
  const std::string_view name = word.substr(0, word.find(':'));
  return !name.empty() && std::ranges::all_of(name, is_name_char) &&
         word.find_first_of("{} ") == std::string_view::npos;
}

/// words[from] and all plain words behind it, as one expression.
std::string joined(Words words, std::size_t from) {
  std::string all(words[from]);
  for (std::size_t i = from + 1; i < words.size() && !is_separator(words[i]); ++i) {
    if (is_option(words[i])) break;
    all.append(" ").append(words[i]);
  }
  return all;
}

/// What is left of `[`, `]`, `[map` or `.a]`: words with one bracket, which no shell expands; `/` stands for
/// nothing.
std::string_view loose_bracket(std::string_view word) {
  if (word == "[" || word == "]") return "/";
  if (word.starts_with('[')) return word.substr(1);
  if (word.ends_with(']')) return word.substr(0, word.size() - 1);
  return {};
}

/// Brackets that stick to a word.
std::string bracket_hint(std::string_view word) {
  if (word.size() > 1 && (word.starts_with('[') || word.ends_with(']'))) return "put spaces around [ and ]";
  return {};
}

std::vector<std::string_view> names_of(std::span<const OptionDeclaration> options) {
  std::vector<std::string_view> names;
  for (const OptionDeclaration& option : options) names.push_back(option.name);
  return names;
}

/// Is the word a file that begins with `#!` and `run`, as a pipeline file does?
bool begins_with_run(const std::string& word) {
  struct stat status{};
  if (::stat(word.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  std::string line;
  std::getline(std::ifstream(word), line);
  return line.starts_with("#!") && line.contains("sz run");
}

std::string option_hint(std::string_view name, std::span<const OptionDeclaration> options) {
  const std::string_view meant = option_for(name, options);
  return meant.empty() ? std::string() : fmt::format("did you mean \"{}\"?", meant);
}

/// The option of `stage` that `text` would be a value of: `--size 100`, `--every 5s`, `--by .id`.
std::string as_option(std::string_view text, const Declaration& stage) {
  const auto fits = [&](const OptionDeclaration& option) {
    switch (option.type) {
      case ValueType::expression:
        return option.name == "--by" && text.starts_with('.');
      case ValueType::share:
        return text.find_first_of("%/.") != text.npos && parse_share(text).has_value();
      case ValueType::file:
        return option.name == "--to" && std::ranges::all_of(text, is_path_char);
      case ValueType::count:
      case ValueType::duration:
      case ValueType::rate:
        return read_value(option.type, {}, text).has_value();
      default:
        return false;
    }
  };
  if (!stage.positionals.empty()) return {};
  for (const OptionDeclaration& option : stage.options)
    if (option.type == ValueType::rate && parse_count(text))
      return fmt::format("did you mean \"{} {}/s\"?", option.name, text);
  const auto found = std::ranges::find_if(stage.options, fits);
  if (found == stage.options.end()) return {};
  return fmt::format("did you mean \"{} {}\"?", found->name, quote(shell_word(text), shown));
}

/// `count by .service`, `group .service`: a grouping with its key behind it.
std::string grouping_hint(Words words, std::size_t word) {
  std::size_t behind = word + 1;
  if (behind < words.size() && words[behind] == "by") ++behind;
  if (behind >= words.size() || !words[behind].starts_with('.')) return {};
  const std::string key = quote(shell_word(words[behind]), shown);
  constexpr std::string_view counts[] = {"count", "wc"};
  constexpr std::string_view groups[] = {"group", "group_by", "group-by", "groupby"};
  if (std::ranges::find(counts, words[word]) != std::end(counts))
    return fmt::format("did you mean \"aggregate n=count --by {}\"?", key);
  if (std::ranges::find(groups, words[word]) != std::end(groups))
    return fmt::format("batch --by {0} makes arrays; aggregate n=count --by {0} counts", key);
  return {};
}

std::string stage_hint(std::string_view word, Declarations known) {
  if (const std::string_view advice = no_stage_advice(word); !advice.empty()) return std::string(advice);
  if (word == "sort" || word == "sort_by")
    return "a stream has no end to sort at: sort what comes out, or each batch by map sort";
  if (word == "version") return "did you mean \"sz --version\"?";
  if (const std::string_view meant = stage_for(word);
      !meant.empty() && find_stage(meant.substr(0, meant.find(' ')), known))
    return fmt::format("did you mean \"{}\"?", meant);
  std::vector<std::string_view> names;
  for (const Declaration* stage : known) {
    names.push_back(stage->name);
    names.insert(names.end(), stage->aliases.begin(), stage->aliases.end());
  }
  for (const Declaration* command : commands()) names.push_back(command->name);
  return did_you_mean(word, names);
}

/// `chunk --size 3`: what looks like the value of an option that the stage takes as a plain word.
std::string as_plain_word(Words words, const UnknownOption& unknown, const Declaration& stage) {
  if (stage.positionals.size() != 1 || stage.positionals[0].type != ValueType::count || unknown.offset > 0)
    return {};
  std::string_view value = words[unknown.word];
  if (value.size() > unknown.name.size())
    value.remove_prefix(unknown.name.size() + (value[unknown.name.size()] == '=' ? 1 : 0));
  else if (unknown.word + 1 < words.size())
    value = words[unknown.word + 1];
  return parse_count(value) ? fmt::format("did you mean \"{} {}\"?", stage.name, value) : std::string();
}

std::string_view near_global(std::string_view name) {
  const std::string_view meant = option_for(name, globals());
  return meant.empty() ? nearest(name, names_of(globals())) : meant;
}

/// A stage's name that an option before it took for its value, or a number behind a prefix.
std::string swallowed_hint(Words words, std::size_t word, Declarations known) {
  if (word < 1) return {};
  if (const Declaration* prefix = find_stage(words[word - 1], known); prefix && prefix->traits.prefix)
    return as_option(words[word], *prefix);
  if (word < 2 || find_stage(words[word - 1], known) == nullptr) return {};
  const OptionDeclaration* option = find_option(words[word - 2], globals());
  if (option == nullptr || option->type == ValueType::flag || option->value_optional) return {};
  return fmt::format("\"{0}\" was taken for the value of {1}: {1} {2} {0} ...", words[word - 1],
                     words[word - 2], option->metavar);
}

/// The option's words as they stand: `--dlq x`, `--dlq=x`, `-j4`.
std::string option_as_typed(Words words, const UnknownOption& unknown, const OptionDeclaration& option) {
  const std::string& word = words[unknown.word];
  if (unknown.offset > 0) return unknown.name;
  std::string typed = shell_word(word);
  const bool attached = word.size() > unknown.name.size();
  if (!attached && option.type != ValueType::flag && !option.value_optional &&
      unknown.word + 1 < words.size() && !is_separator(words[unknown.word + 1]))
    typed.append(" ").append(shell_word(words[unknown.word + 1]));
  return typed;
}

}  // namespace

std::string shell_word(std::string_view word) {
  const auto plain = [](char c) {
    return is_name_char(c) || std::string_view("./-+=:,@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return std::string(word);
  if (!loose_bracket(word).empty() && std::ranges::all_of(loose_bracket(word), plain))
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
  return quoted + "'";
}

std::string file_hint(Words words, std::size_t word) {
  if (word >= words.size()) return {};
  struct stat status{};
  if (::stat(words[word].c_str(), &status) != 0 || S_ISDIR(status.st_mode)) return {};
  return fmt::format("input files go after --: sz ... -- {}", quote(shell_word(words[word]), shown));
}

PlanError unexpected_word(Words words, std::size_t word, const Declaration& stage, std::size_t expression,
                          Declarations known) {
  const std::string_view text = words[word];
  const auto error = [&](std::string hint) {
    return at(word, fmt::format("unexpected word \"{}\"", quote(text, shown)), std::move(hint));
  };
  if (text.starts_with('#')) return error("this shell does not take # for a comment here: leave it out");
  if (text == "&&" || text == ";") return error("stages are joined by \"then\"");
  if (text == "|" || text == "||")
    return error("stages are joined by \"then\"; inside an expression, quote it whole");
  if (text == "else") return error("else needs a [ behind it");
  if (edit_distance(text, "then") == 1 && file_hint(words, word).empty())
    return error("did you mean \"then\"?");
  if (expression != PlanError::none) {
    const std::string whole = joined(words, expression);
    if (is_piece_of_braces(words[expression]) && is_piece_of_braces(text) &&
        find_stage(text, known) == nullptr && file_hint(words, word).empty())
      return error("did the shell expand {...}? quote it");
    if (whole.find_first_of("[({") != std::string::npos && balanced(whole))
      return error(fmt::format("quote the expression: {}", quote(shell_word(whole), shown)));
  }
  if (std::string hint = bracket_hint(text); !hint.empty()) return error(std::move(hint));
  if (find_stage(text, known)) return error(fmt::format("stages are joined by \"then\": then {}", text));
  if (std::string hint = file_hint(words, word); !hint.empty()) return error(std::move(hint));
  const std::string as_file =
      looks_like_file(text) ? fmt::format("input files go after --: sz ... -- {}", quote(text, shown)) : "";
  if (expression != PlanError::none && !as_file.empty()) return error(as_file);
  if (expression != PlanError::none)
    return error(
        fmt::format("quote the expression: {}", quote(shell_word(joined(words, expression)), shown)));
  if (std::string hint = as_option(text, stage); !hint.empty()) return error(std::move(hint));
  if (!as_file.empty()) return error(as_file);
  return error(fmt::format("sz {} -h shows what it takes", stage.name));
}

PlanError unknown_stage(Words words, std::size_t word, Declarations known) {
  const std::string_view text = words[word];
  std::string hint;
  if (text.starts_with('#'))
    hint = "this shell does not take # for a comment here: leave it out";
  else if (text == "|" || text == "||" || text == "&&" || text == ";")
    hint = "stages are joined by \"then\"";
  else if (text == "else")
    hint = "else stands before a [ of a stage that has conditions";
  else
    hint = bracket_hint(text);
  if (hint.empty() && word > 0)
    if (const OptionDeclaration* before = find_option(words[word - 1], globals());
        before && before->value_optional)
      if (std::ranges::find(before->choices, text) != before->choices.end())
        hint = fmt::format("write {}={}", before->name, text);
  if (hint.empty()) hint = swallowed_hint(words, word, known);
  if (hint.empty() && begins_with_stage(text, known))
    hint = fmt::format("leave out the quotes around it: sz {}", quote(text, shown));
  if (hint.empty() && begins_with_run(words[word]))
    hint = fmt::format("a pipeline in a file: sz run {}", quote(shell_word(text), shown));
  if (hint.empty()) hint = grouping_hint(words, word);
  if (hint.empty()) hint = stage_hint(text, known);
  if (hint.empty() && !text.empty() &&
      (text[0] == '.' || text.find_first_of(" |()=") != std::string_view::npos) &&
      file_hint(words, word).empty())
    hint = fmt::format("an expression stands behind a stage: filter {0} or map {0}",
                       quote(shell_word(text), shown));
  if (hint.empty()) hint = file_hint(words, word);
  if (hint.empty()) hint = "sz --help lists the stages";
  return at(word, fmt::format("unknown stage \"{}\"", quote(text, shown)), std::move(hint));
}

PlanError unknown_option(Words words, const UnknownOption& option, const Declaration& stage,
                         std::size_t first) {
  PlanError error{
      .message = {}, .hint = {}, .word = option.word, .offset = option.offset, .length = option.name.size()};
  if (option.offset > 0) error.length = 1;
  if (const OptionDeclaration* global = find_option(option.name, globals())) {
    error.message =
        fmt::format("{} is an option of sz itself, not of {}", quote(option.name, shown), stage.name);
    error.hint =
        fmt::format("move it before the first stage: sz {} {} ...",
                    quote(option_as_typed(words, option, *global), shown), quote(words[first], shown));
    return error;
  }
  error.message = fmt::format("{} has no option \"{}\"", stage.name, quote(option.name, shown));
  const std::string_view word = words[option.word];
  const std::string twice = fmt::format("-{}", word.substr(0, word.find('=')));
  std::vector<std::string_view> names = names_of(stage.options);
  if (!word.starts_with("--") && std::ranges::find(names, twice) != names.end()) {
    error.hint = fmt::format("did you mean \"{}\"?", twice);
    error.offset = 0, error.length = twice.size() - 1;
    error.message = fmt::format("{} has no option \"{}\"", stage.name, quote(twice.substr(1), shown));
    return error;
  }
  error.hint = bracket_hint(word);
  if (error.hint.empty()) error.hint = as_plain_word(words, option, stage);
  if (takes_expression(stage)) {
    names.push_back(expression_option().name);
    if (takes_expression_file(stage)) names.push_back(from_file_option().name);
  }
  names.push_back(help_option().name);
  if (const std::string_view meant = option_of_stage(stage.name, option.name);
      error.hint.empty() && !meant.empty())
    error.hint = fmt::format("did you mean \"{}\"?", meant);
  if (error.hint.empty()) error.hint = option_hint(option.name, stage.options);
  if (error.hint.empty() && (!word.starts_with("--") || option.name == "--every") &&
      option.word + 1 < words.size())
    error.hint = as_option(words[option.word + 1], stage);
  if (error.hint.empty()) error.hint = needless(option.name);
  if (error.hint.empty() && word.starts_with("--")) error.hint = did_you_mean(option.name, names);
  if (error.hint.empty() && word.starts_with("--"))
    if (const std::string_view global = near_global(option.name); !global.empty())
      error.hint = fmt::format("did you mean \"{}\", before the first stage?", global);
  if (error.hint.empty()) error.hint = fmt::format("sz {} -h lists its options", stage.name);
  return error;
}

PlanError unknown_global(Words words, const UnknownOption& option, Declarations known) {
  PlanError error{.message = fmt::format("sz has no option \"{}\"", quote(option.name, shown)),
                  .hint = {},
                  .word = option.word,
                  .offset = option.offset,
                  .length = option.offset > 0 ? 1 : option.name.size()};
  const std::string_view word = words[option.word];
  if (option.name == "--trust-input") {
    error.hint = "every line is validated: to trust it would save a few percent";
    return error;
  }
  const std::string twice = fmt::format("-{}", word.substr(0, word.find('=')));
  if (!word.starts_with("--") && find_option(twice, globals())) {
    error.message = fmt::format("sz has no option \"{}\"", twice.substr(1));
    error.hint = fmt::format("did you mean \"{}\"?", twice);
    error.offset = 0, error.length = twice.size() - 1;
    return error;
  }
  error.hint = needless(option.name);
  if (!error.hint.empty()) return error;
  for (const Declaration* stage : known)
    if (find_option(option.name, stage->options)) {
      error.hint = fmt::format("it is an option of {}: sz {} {} ...", stage->name, stage->name, option.name);
      return error;
    }
  for (const OptionDeclaration* of_expression : {&expression_option(), &from_file_option()})
    if (find_option(option.name, {of_expression, 1}) != nullptr)
      error.hint = fmt::format("it is an option of filter, map and others: sz filter {} ...", option.name);
  if (error.hint.empty()) error.hint = option_hint(option.name, globals());
  if (error.hint.empty() && word.starts_with("--"))
    error.hint = did_you_mean(option.name, names_of(globals()));
  if (error.hint.empty()) error.hint = "sz --help lists the options";
  return error;
}

}  // namespace sz::plan
