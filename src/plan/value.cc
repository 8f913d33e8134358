#include "plan/value.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest.h"
#include "core/value_hint.h"

namespace sz::plan {
namespace {

template <class T>
std::expected<Arguments::Value, ValueFault> typed(std::expected<T, std::string> value, ValueType type,
                                                  std::string_view text) {
  if (!value) return std::unexpected(ValueFault{std::move(value.error()), value_hint(type, text)});
  return *value;
}

std::expected<Arguments::Value, ValueFault> choose(std::span<const std::string_view> choices,
                                                   std::string_view text) {
  if (std::ranges::find(choices, text) != choices.end()) return std::string(text);
  return std::unexpected(ValueFault{choices.size() == 1
                                        ? fmt::format("is not {}", choices[0])
                                        : fmt::format("is none of {}", fmt::join(choices, ", ")),
                                    did_you_mean(text, choices)});
}

}  // namespace

bool is_free_text(ValueType type) {
  return type == ValueType::text || type == ValueType::expression || type == ValueType::file;
}

std::expected<Arguments::Value, ValueFault> read_value(ValueType type,
                                                       std::span<const std::string_view> choices,
                                                       std::string_view text) {
  switch (type) {
    case ValueType::flag:
      return true;
    case ValueType::text:
    case ValueType::expression:
      return std::string(text);
    case ValueType::file:
      if (text.empty()) return std::unexpected(ValueFault{"is not a file name", {}});
      return std::string(text);
    case ValueType::count:
      return typed(parse_count(text), type, text);
    case ValueType::size:
      return typed(parse_size(text), type, text);
    case ValueType::share:
      return typed(parse_share(text), type, text);
    case ValueType::duration:
      return typed(parse_duration(text), type, text);
    case ValueType::rate:
      return typed(parse_rate(text), type, text);
    case ValueType::choice:
      return choose(choices, text);
  }
  return std::unexpected(ValueFault{"has no type", {}});
}

}  // namespace sz::plan
