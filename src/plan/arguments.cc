#include "plan/arguments.h"

#include <fmt/format.h>

#include "core/quote.h"
#include "plan/expression_file.h"
#include "plan/positional.h"
#include "plan/registry.h"
#include "plan/value.h"

namespace sz::plan {
namespace {

PlanError at_value(const Taken& taken, std::string message, std::string hint = {}) {
  return {.message = std::move(message),
          .hint = std::move(hint),
          .word = taken.value_word,
          .offset = taken.offset,
          .length = taken.value.size()};
}

PlanError at_name(const Taken& taken, std::string message, std::string hint = {}) {
  return {.message = std::move(message), .hint = std::move(hint), .word = taken.name_word};
}

/// The option as the user named it: `-n` or `--size`.
std::string typed_name(const Taken& taken, Words words) {
  if (words[taken.name_word].starts_with("--") || taken.option->letter == 0)
    return std::string(taken.option->name);
  return {'-', taken.option->letter};
}

std::string_view usual_value(const OptionDeclaration& option) {
  if (!option.fallback.empty()) return option.fallback;
  switch (option.type) {
    case ValueType::expression:
      return ".id";
    case ValueType::count:
      return "10";
    case ValueType::size:
      return "64Ki";
    case ValueType::share:
      return "10%";
    case ValueType::duration:
      return "1m30s";
    case ValueType::rate:
      return "50/s";
    case ValueType::choice:
      return option.choices.front();
    default:
      return {};
  }
}

/// Why there is no value: usually because the next word looks like an option.
std::string missing_value_hint(const OptionDeclaration& option, std::string_view name, std::size_t word,
                               Words words) {
  if (word + 1 < words.size() && is_free_text(option.type)) {
    const std::string_view next = words[word + 1];
    if (is_option(next)) return fmt::format("if \"{0}\" is the value: {1}={0}", quote(next, 40), option.name);
    if (is_separator(next) && next != "--") return fmt::format("as a value: {}={}", option.name, next);
  }
  const std::string_view value = usual_value(option);
  return value.empty() ? std::string() : fmt::format("for example {} {}", name, value);
}

/// Two keys are one that is an array.
std::string both_hint(const Arguments& given, const Taken& second) {
  if (second.option->name != "--by" || !second.has_value) return {};
  return fmt::format("both: --by '[{}, {}]'", quote(given.text("--by").value_or(""), 40),
                     quote(second.value, 40));
}

/// `take first 5`: a word behind `wrong` is what it should be.
std::string later_value_hint(const PositionalDeclaration& positional, const Declaration& owner,
                             const Taken& wrong, std::span<const Taken> plain) {
  const OptionDeclaration* const option = find_option("--" + wrong.value, owner.options);
  for (const Taken& taken : plain)
    if (taken.option == nullptr && taken.value_word > wrong.value_word &&
        read_value(positional.type, {}, taken.value))
      return fmt::format("did you mean \"{} {}{}\"?", owner.name,
                         option == nullptr ? std::string() : fmt::format("{} ", option->name),
                         quote(taken.value, 40));
  return {};
}

}  // namespace

std::expected<void, PlanError> set_option(Arguments& into, const Taken& taken, Words words) {
  const OptionDeclaration& option = *taken.option;
  const std::string name = typed_name(taken, words);
  if (into.given(option.name) && !option.repeats)
    return std::unexpected(at_name(taken, fmt::format("{} is given twice", name), both_hint(into, taken)));
  if (option.type == ValueType::flag) {
    if (taken.has_value)
      return std::unexpected(
          at_value(taken, fmt::format("{} takes no value", name), fmt::format("write {}", name)));
    into.set(option.name, true, taken.name_word);
    return {};
  }
  if (!taken.has_value) {
    if (!option.value_optional)
      return std::unexpected(at_name(taken, fmt::format("{0} needs a value: {0} {1}", name, option.metavar),
                                     missing_value_hint(option, name, taken.name_word, words)));
    into.set(option.name, std::string(option.choices.empty() ? std::string_view() : option.choices.front()),
             taken.name_word);
    return {};
  }
  if (option.pair && !taken.has_second)
    return std::unexpected(
        at_name(taken, fmt::format("{0} needs two values: {0} {1}", name, option.metavar)));
  const bool attached_letter =
      taken.value_word == taken.name_word && !words[taken.name_word].starts_with("--");
  if (attached_letter && taken.value.starts_with('='))
    return std::unexpected(
        at_value(taken, fmt::format("unexpected \"=\" behind -{}", option.letter),
                 fmt::format("write -{0}{2} or {1}={2}", option.letter, option.name,
                             taken.value.size() > 1 ? quote(taken.value.substr(1), 40) : "VALUE")));
  auto value = read_value(option.type, option.choices, taken.value);
  if (!value) {
    if (value.error().hint.empty() && option.choices.size() > 1)
      value.error().hint =
          fmt::format("for example {}{}{}", name, option.value_optional ? "=" : " ", option.choices[1]);
    return std::unexpected(
        at_value(taken, fmt::format("{} \"{}\" {}", name, quote(taken.value, 60), value.error().phrase),
                 value.error().hint));
  }
  into.set(option.name, std::move(*value), taken.value_word, taken.offset);
  if (option.pair) into.set(option.name, taken.second, taken.value_word + 1);
  return {};
}

std::expected<void, PlanError> set_positional(Arguments& into, const PositionalDeclaration& positional,
                                              const Taken& taken, std::string_view owner) {
  if (taken.option == &from_file_option()) {
    auto source = read_expression_file(taken.value);
    if (!source) return std::unexpected(at_value(taken, std::move(source.error())));
    into.set(positional.name, std::move(*source), taken.value_word, taken.offset);
    into.set(file_of(positional.name), taken.value);
    return {};
  }
  auto value = read_value(positional.type, {}, taken.value);
  if (!value)
    return std::unexpected(at_value(taken,
                                    fmt::format("{} of {}: \"{}\" {}", positional.name, owner,
                                                quote(taken.value, 60), value.error().phrase),
                                    value.error().hint));
  into.set(positional.name, std::move(*value), taken.value_word, taken.offset);
  return {};
}

void set_fallbacks(Arguments& into, std::span<const OptionDeclaration> options) {
  for (const OptionDeclaration& option : options) {
    if (option.fallback.empty() || into.given(option.name)) continue;
    if (auto value = read_value(option.type, option.choices, option.fallback))
      into.set(option.name, std::move(*value));
  }
}

std::expected<const Taken*, PlanError> set_positionals(Arguments& into, const Declaration& owner,
                                                       std::span<const Taken> plain) {
  for (const Taken& taken : plain) {
    const PositionalDeclaration* place = nullptr;
    for (const PositionalDeclaration& positional : owner.positionals) {
      if (stands_before_group(positional)) continue;
      if (into.given(positional.name) && !takes_rest(positional)) continue;
      if (taken.option != nullptr && positional.type != ValueType::expression) continue;
      place = &positional;
      break;
    }
    if (place == nullptr) return &taken;
    if (auto set = set_positional(into, *place, taken, owner.name); !set) {
      if (set.error().hint.empty()) set.error().hint = later_value_hint(*place, owner, taken, plain);
      return std::unexpected(std::move(set.error()));
    }
  }
  return nullptr;
}

}  // namespace sz::plan
