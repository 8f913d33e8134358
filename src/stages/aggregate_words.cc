#include "stages/aggregate_words.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/nearest.h"
#include "core/quote.h"

namespace sz::aggregate {
namespace {

using enum Function::Reading;

struct Entry {
  std::string_view name;
  Function function;
};

constexpr std::array<Entry, 18> functions = {{
    {"count", {StateKind::count, count, 0, false}},
    {"sum", {StateKind::sum, total, 0, true}},
    {"avg", {StateKind::sum, mean, 0, true}},
    {"min", {StateKind::least, written, 0, true}},
    {"max", {StateKind::greatest, written, 0, true}},
    {"first", {StateKind::first, written, 0, false}},
    {"last", {StateKind::last, written, 0, false}},
    {"distinct", {StateKind::distinct, count, 0, false}},
    {"list", {StateKind::list, list, 0, false}},
    {"stddev", {StateKind::deviation, deviation, 0, true}},
    {"var", {StateKind::deviation, variance, 0, true}},
    {"median", {StateKind::quantiles, quantile, 50, true}},
    {"mode", {StateKind::tally, mode, 0, false}},
    {"ewma", {StateKind::average, average, 0.1, true}},
    {"rate", {StateKind::sum, per_second, 0, true}},
    {"delta", {StateKind::change, total, 0, true}},
    {"top", {StateKind::tally, top, 10, false}},
    {"p99", {StateKind::quantiles, quantile, 99, true}},
}};

/// Names from elsewhere, and what they are here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> aliases = {{{"mean", "avg"},
                                                                                    {"average", "avg"},
                                                                                    {"variance", "var"},
                                                                                    {"stdev", "stddev"},
                                                                                    {"std", "stddev"},
                                                                                    {"unique", "distinct"},
                                                                                    {"uniq", "distinct"},
                                                                                    {"collect", "list"},
                                                                                    {"n", "count"},
                                                                                    {"len", "count"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The whole of `text` as a number without a sign, exponent or superfluous zeros before it: `99`, `0.5`.
std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

PlanError fault(std::string message, std::string hint, std::size_t offset, std::size_t length) {
  return {.message = std::move(message),
          .hint = std::move(hint),
          .word = PlanError::none,
          .offset = offset,
          .length = length};
}

PlanError unknown(std::string_view name, std::size_t at) {
  std::string hint;
  for (const auto& [other, here] : aliases)
    if (name == other) hint = fmt::format("did you mean \"{}\"?", here);
  std::array<std::string_view, functions.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = functions[i].name;
  if (hint.empty()) hint = did_you_mean(name, names);
  if (hint.empty() && name.starts_with('.'))
    hint = fmt::format("an expression stands behind its function: sum=sum:{}", quote(name, 40));
  if (hint.empty() && !name.empty() && name[0] >= '0' && name[0] <= '9')
    hint = fmt::format("a number or a span belongs to an option: --size {}", quote(name, 40));
  if (hint.empty() && name.contains(' ')) hint = "a colon parts FN and EXPR: NAME=FN:EXPR";
  if (hint.empty())
    hint =
        "there are count sum avg min max first last distinct list stddev var median pN mode ewma rate delta "
        "top";
  return fault(fmt::format("unknown aggregate function \"{}\"", quote(name, 40)), std::move(hint), at,
               name.size());
}

std::expected<Function, PlanError> function_of(std::string_view name, std::size_t at) {
  for (const Entry& entry : functions)
    if (entry.name == name) return entry.function;
  const auto wrong = [&](std::string message, std::string hint) {
    return std::unexpected(fault(std::move(message), std::move(hint), at, name.size()));
  };
  if (name.starts_with('p') && name.size() > 1 && is_digit(name[1])) {
    const auto n = plain_number(name.substr(1));
    if (!n) return wrong(fmt::format("\"{}\" is no percentile", quote(name, 40)), "for example p99 or p99.9");
    if (*n > 100) return wrong("a percentile is 0 to 100", "for example p99 or p99.9");
    return Function{StateKind::quantiles, quantile, *n, true};
  }
  if (name.starts_with("ewma"))
    if (const auto n = plain_number(name.substr(4))) {
      if (*n <= 0 || *n > 1)
        return wrong("the share of a moving average is more than 0 and at most 1", "for example ewma0.1");
      return Function{StateKind::average, average, *n, true};
    }
  if (name.starts_with("top"))
    if (const auto n = plain_number(name.substr(3))) {
      if (*n < 1 || *n != std::floor(*n) || *n > 1e6)
        return wrong("top takes a whole number, 1 to 1000000", "for example top5");
      return Function{StateKind::tally, top, *n, false};
    }
  return std::unexpected(unknown(name, at));
}

}  // namespace

std::expected<Word, PlanError> parse_word(std::string_view word) {
  const std::size_t stop = std::min(word.find_first_of("=:("), word.size());
  const bool named = stop < word.size() && word[stop] == '=';
  const std::string_view name = named ? word.substr(0, stop) : std::string_view();
  if (named && name.empty())
    return std::unexpected(fault("a name is missing before \"=\"", "for example n=count", 0, 1));
  const std::size_t begin = named ? stop + 1 : 0;
  const std::string_view rest = word.substr(begin);
  const std::size_t end = std::min(rest.find_first_of(":("), rest.size());
  const std::string_view function_name = rest.substr(0, end);
  if (function_name.empty())
    return std::unexpected(
        fault("an aggregate function is missing", "for example n=count or p99=p99:.ms", begin, 0));
  auto function = function_of(function_name, begin);
  if (!function) return std::unexpected(std::move(function.error()));

  Word made{.name = std::string(named ? name : function_name),
            .function = *function,
            .expression = {},
            .expression_at = begin + end + 1};
  if (end == rest.size()) return made;
  std::string_view expression = rest.substr(end + 1);
  if (rest[end] == '(') {
    if (!expression.ends_with(')')) return std::unexpected(fault("this ( has no )", "", begin + end, 1));
    expression.remove_suffix(1);
  }
  if (expression.find_first_not_of(" \t\n") == std::string_view::npos)
    return std::unexpected(fault(fmt::format("{} has no expression", function_name),
                                 fmt::format("for example {}={}:.ms", quote(made.name, 40), function_name),
                                 begin, rest.size()));
  if (!named)
    return std::unexpected(
        fault("an aggregate with an expression needs a name",
              fmt::format("for example {0}={0}{1}", function_name, quote(rest.substr(end), 60)), 0, 0));
  made.expression = expression;
  return made;
}

}  // namespace sz::aggregate
