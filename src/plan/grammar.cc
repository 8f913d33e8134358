#include "plan/grammar.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "plan/arguments.h"
#include "plan/hints.h"
#include "plan/option_parser.h"
#include "plan/positional.h"

namespace sz::plan {
namespace {

constexpr std::size_t deepest = 64;  // brackets in brackets

PlanError at(std::size_t word, std::string message, std::string hint = {}) {
  return {.message = std::move(message), .hint = std::move(hint), .word = word};
}

/// `sz ` and the first example of a stage.
std::string example_hint(const Declaration& stage) {
  return stage.examples.empty() ? std::string()
                                : fmt::format("for example: sz {}", stage.examples.front().words);
}

/// The same, but rather one with an option that was given.
std::string example_hint(const Declaration& stage, const Arguments& arguments) {
  for (const Example& example : stage.examples)
    for (const OptionDeclaration& option : stage.options)
      if (arguments.given(option.name) && example.words.contains(fmt::format(" {} ", option.name)))
        return fmt::format("for example: sz {}", example.words);
  return example_hint(stage);
}

std::string or_example(std::string hint, const Declaration& stage) {
  return hint.empty() ? example_hint(stage) : hint;
}

/// Recursive descent over the words. `help_` set means that a stage's help was asked for: the error that
/// comes with it is only the way out.
class Parser {
 public:
  Parser(Words words, std::size_t begin, Declarations known)
      : words_(words), known_(known), at_(begin), first_(begin) {}

  std::expected<ParsedPipeline, PlanError> run() {
    auto parsed = pipeline();
    if (help_) return ParsedPipeline{.pipeline = {}, .end = at_, .help = help_, .whole_help = whole_help_};
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    return ParsedPipeline{.pipeline = std::move(*parsed), .end = at_};
  }

 private:
  template <class T>
  using Expected = std::expected<T, PlanError>;

  bool at_end() const { return at_ >= words_.size() || words_[at_] == "]" || words_[at_] == "--"; }
  bool at_open() const { return at_ < words_.size() && words_[at_] == "["; }

  std::size_t next_separator(std::size_t from) const {
    while (from < words_.size() && !is_separator(words_[from])) ++from;
    return from;
  }

  Expected<Pipeline> pipeline() {
    Pipeline made;
    if (at_end()) return made;
    while (true) {
      if (is_then(words_[at_]))
        return std::unexpected(at(at_, fmt::format("a stage is missing before \"{}\"", words_[at_]),
                                  fmt::format("leave it out, or name a stage: map .a {}", words_[at_])));
      auto next = step();
      if (!next) return std::unexpected(std::move(next.error()));
      made.steps.push_back(std::move(*next));
      if (at_end()) return made;
      if (at_open()) return std::unexpected(at(at_, "unexpected \"[\"", "stages are joined by \"then\""));
      const std::size_t joint = at_++;
      if (at_end() || is_then(words_[at_]))
        return std::unexpected(
            at(joint, fmt::format("a stage is missing behind \"{}\"", words_[joint]),
               fmt::format("leave it out, or name the next stage: {} map .a", words_[joint])));
    }
  }

  Expected<Step> step() {
    Step made;
    while (true) {
      const std::string& word = words_[at_];
      if (word == "[") {
        if (made.prefixes.empty())
          return std::unexpected(
              at(at_, "unexpected \"[\"", "brackets stand behind the stage or prefix that they belong to"));
        auto inside = group();
        if (!inside) return std::unexpected(std::move(inside.error()));
        made.groups.push_back(std::move(*inside));
        if (at_ < words_.size() && !is_separator(words_[at_]))
          return std::unexpected(
              at(at_, fmt::format("unexpected word \"{}\" behind \"]\"", quote(words_[at_], 60)),
                 "stages are joined by \"then\""));
        return made;
      }
      const Declaration* declaration = find_stage(word, known_);
      if (declaration == nullptr) return std::unexpected(no_stage());
      if (!declaration->traits.prefix) {
        made.declaration = declaration;
        if (auto done = stage(made); !done) return std::unexpected(std::move(done.error()));
        return made;
      }
      auto wrapper = prefix(*declaration);
      if (!wrapper) return std::unexpected(std::move(wrapper.error()));
      const std::size_t named = wrapper->arguments.step_word;
      made.prefixes.push_back(std::move(*wrapper));
      if (at_end() || is_then(words_[at_]))
        return std::unexpected(at(named,
                                  fmt::format("{} needs a stage or [ ... ] behind it", declaration->name),
                                  example_hint(*declaration)));
    }
  }

  PlanError no_stage() const {
    const std::string& word = words_[at_];
    if (is_option(word))
      return at(at_, fmt::format("option \"{}\" stands where a stage is expected", quote(word, 60)),
                find_option(word.substr(0, word.find('=')), globals())
                    ? "options of sz itself go before the first stage"
                    : "");
    return unknown_stage(words_, at_, known_);
  }

  /// Options of a prefix end where the next plain word begins.
  Expected<Step::Prefix> prefix(const Declaration& declaration) {
    Step::Prefix made{.declaration = &declaration, .arguments = {}, .groups = {}};
    made.arguments.step_word = at_++;
    std::vector<Taken> plain;
    if (auto taken = options(declaration, made.arguments, next_separator(at_), true, plain); !taken)
      return std::unexpected(std::move(taken.error()));
    while (at_open() && made.groups.size() < declaration.traits.max_groups) {
      auto inside = group();
      if (!inside) return std::unexpected(std::move(inside.error()));
      made.groups.push_back(std::move(*inside));
      made.arguments.groups = made.groups.size();
    }
    if (auto enough = check_groups(declaration, made.arguments.step_word, made.groups.size()); !enough)
      return std::unexpected(std::move(enough.error()));
    set_fallbacks(made.arguments, declaration.options);
    return made;
  }

  Expected<void> stage(Step& made) {
    const Declaration& declaration = *made.declaration;
    made.arguments.step_word = at_++;
    const bool conditions = has_conditions(declaration);
    std::vector<Taken> plain;  // since the last bracket if brackets have conditions
    while (true) {
      if (auto taken = options(declaration, made.arguments, next_separator(at_), false, plain); !taken)
        return taken;
      if (!at_open()) break;
      if (declaration.traits.max_groups == 0)
        return std::unexpected(
            at(at_, fmt::format("{} takes no [ ... ]", declaration.name),
               takes_expression(declaration) ? "an expression with brackets needs quotes: '[ ... ]'" : ""));
      if (made.groups.size() == declaration.traits.max_groups)
        return std::unexpected(at(at_, fmt::format("{} takes at most {} [ ... ]", declaration.name,
                                                   declaration.traits.max_groups)));
      const std::size_t open = at_;
      auto inside = group();
      if (!inside) return std::unexpected(std::move(inside.error()));
      if (conditions) {
        if (auto set = condition(*inside, plain, made, open); !set) return set;
        plain.clear();
        if (const auto& of = inside->condition)
          made.arguments.set(condition_name(made.groups.size()), of->text, of->word, of->offset);
      }
      made.groups.push_back(std::move(*inside));
      made.arguments.groups = made.groups.size();
    }
    return finish(made, plain);
  }

  /// The word before a bracket: its condition, or `else`.
  Expected<void> condition(Group& group, const std::vector<Taken>& plain, const Step& made,
                           std::size_t open) const {
    if (!made.groups.empty() && made.groups.back().otherwise)
      return std::unexpected(
          at(open, fmt::format("nothing can stand behind the else of {}", made.declaration->name)));
    if (plain.empty())
      return std::unexpected(
          at(open, fmt::format("this [ of {} needs an expression before it", made.declaration->name)));
    if (plain.size() > 1)
      return std::unexpected(
          unexpected_word(words_, plain[1].value_word, *made.declaration, plain[0].value_word, known_));
    const Taken& word = plain[0];
    if (word.option == nullptr && word.value == "else") {
      if (made.groups.empty())
        return std::unexpected(at(word.value_word, "else needs a condition before it"));
      group.otherwise = true;
    } else {
      group.condition = Expression{.text = word.value, .word = word.value_word, .offset = word.offset};
    }
    return {};
  }

  Expected<void> finish(Step& made, const std::vector<Taken>& plain) const {
    const Declaration& declaration = *made.declaration;
    const std::size_t named = made.arguments.step_word;
    if (auto dashes = dashes_inside()) return std::unexpected(*std::move(dashes));
    if (auto placed = place(declaration, made.arguments, plain); !placed) return placed;
    for (const PositionalDeclaration& positional : declaration.positionals)
      if (positional.required && !stands_before_group(positional) && !made.arguments.given(positional.name))
        return std::unexpected(at(named, fmt::format("{} needs {}", declaration.name, positional.name),
                                  example_hint(declaration, made.arguments)));
    set_fallbacks(made.arguments, declaration.options);
    return check_groups(declaration, named, made.groups.size());
  }

  /// Gives the plain words to the positionals; the first one too many is an error.
  Expected<void> place(const Declaration& declaration, Arguments& into,
                       const std::vector<Taken>& plain) const {
    const auto extra = set_positionals(into, declaration, plain);
    if (!extra) return std::unexpected(extra.error());
    const Taken* taken = *extra;
    if (taken == nullptr) return {};
    if (has_conditions(declaration) && taken == &plain.front() && taken->value != "else")
      return std::unexpected(
          at(taken->value_word,
             fmt::format("the condition \"{}\" has no [ ... ] behind it", quote(taken->value, 60)),
             or_example(spaces_hint(taken->value_word), declaration)));
    if (taken->option != nullptr)
      return std::unexpected(
          PlanError{.message = fmt::format("{} already has its expression", declaration.name),
                    .hint = {},
                    .word = taken->value_word,
                    .offset = taken->offset,
                    .length = taken->value.size()});
    if (plain.front().option == &from_file_option()) {
      std::string hint = file_hint(words_, taken->value_word);
      if (hint.empty()) hint = "leave out one of them";
      return std::unexpected(at(taken->value_word,
                                fmt::format("{} already has its expression, behind -f", declaration.name),
                                std::move(hint)));
    }
    const std::size_t expression =
        takes_expression(declaration) && taken != &plain.front() ? plain.front().value_word : PlanError::none;
    PlanError error = unexpected_word(words_, taken->value_word, declaration, expression, known_);
    if (declaration.traits.max_groups > 0 && into.groups == 0 && expression == PlanError::none &&
        find_stage(taken->value, known_) != nullptr)
      error.hint = fmt::format("branches stand in brackets: {} [ {} ... ]", declaration.name, taken->value);
    return std::unexpected(std::move(error));
  }

  /// What to do if one of the step's words from `from` on is a bracket that sticks to something.
  std::string spaces_hint(std::size_t from) const {
    for (std::size_t i = from; i < words_.size() && !is_then(words_[i]); ++i)
      if (words_[i].size() > 1 && words_[i].starts_with('[')) return "put spaces around [ and ]";
    return {};
  }

  Expected<void> check_groups(const Declaration& declaration, std::size_t named, std::size_t given) const {
    const std::size_t least = declaration.traits.min_groups;
    if (given >= least) return {};
    std::string message = least == 1
                              ? fmt::format("{} needs [ ... ]", declaration.name)
                              : fmt::format("{} needs {} [ ... ], {} given", declaration.name, least, given);
    return std::unexpected(at(named, std::move(message), or_example(spaces_hint(named), declaration)));
  }

  /// Reads words_[at_, end) and leaves at_ behind what was read. Options go into `into`, plain words and -e
  /// to `plain`.
  Expected<void> options(const Declaration& declaration, Arguments& into, std::size_t end, bool stop_at_plain,
                         std::vector<Taken>& plain) {
    std::vector<const OptionDeclaration*> all;
    all.reserve(declaration.options.size() + 3);
    for (const OptionDeclaration& option : declaration.options) all.push_back(&option);
    all.push_back(&help_option());
    if (takes_expression(declaration)) {
      all.push_back(&expression_option());
      if (takes_expression_file(declaration)) all.push_back(&from_file_option());
    }
    auto read = take_words(words_, at_, end, all, stop_at_plain);
    if (!read) return std::unexpected(std::move(read.error()));
    for (const Taken& taken : read->taken)
      if (taken.option == &help_option()) {
        help_ = &declaration;
        whole_help_ = words_[taken.name_word] == help_option().name;
        return std::unexpected(PlanError{});
      }
    for (Taken& taken : read->taken) {
      if (read->unknown && read->unknown->word < taken.name_word) break;
      if (taken.option == nullptr ||
          ((taken.option == &expression_option() || taken.option == &from_file_option()) &&
           taken.has_value)) {
        plain.push_back(std::move(taken));
      } else if (auto set = set_option(into, taken, words_); !set) {
        return set;
      }
    }
    if (read->unknown && !has_conditions(declaration)) {  // a word too many before it comes first
      Arguments trial = into;
      if (auto placed = place(declaration, trial, plain); !placed) return placed;
    }
    if (read->unknown) return std::unexpected(unknown_option(words_, *read->unknown, declaration, first_));
    at_ = read->end;
    return {};
  }

  /// `--` within brackets.
  std::optional<PlanError> dashes_inside() const {
    if (depth_ == 0 || at_ >= words_.size() || words_[at_] != "--") return std::nullopt;
    return at(at_, "\"--\" ends the pipeline, and a [ is still open",
              "an expression such as -.a needs no -- before it; input files stand behind the last ]");
  }

  Expected<Group> group() {
    const std::size_t open = at_++;
    if (++depth_ > deepest)
      return std::unexpected(at(open, fmt::format("brackets nest deeper than {}", deepest)));
    auto inside = pipeline();
    if (!inside) return std::unexpected(std::move(inside.error()));
    if (auto dashes = dashes_inside()) return std::unexpected(*std::move(dashes));
    if (at_ >= words_.size() || words_[at_] != "]") {
      std::string hint;
      for (std::size_t i = open; i < words_.size(); ++i)
        if (words_[i].size() > 1 && words_[i].ends_with(']')) hint = "put spaces around [ and ]";
      return std::unexpected(at(open, "this [ has no ]", std::move(hint)));
    }
    --depth_;
    ++at_;
    return Group{.pipeline = std::move(*inside), .condition = {}, .otherwise = false, .word = open};
  }

  Words words_;
  Declarations known_;
  std::size_t at_;
  std::size_t first_;  // the first stage's word
  std::size_t depth_ = 0;
  const Declaration* help_ = nullptr;
  bool whole_help_ = false;
};

}  // namespace

std::expected<ParsedPipeline, PlanError> parse_pipeline(Words words, std::size_t begin, Declarations known) {
  return Parser(words, begin, known).run();
}

}  // namespace sz::plan
