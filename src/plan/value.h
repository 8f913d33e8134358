#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "core/declaration.h"

namespace sz::plan {

/// Why a word is no value of its type: a predicate (`is not a whole number`) and, when there is one, the way
/// out.
struct ValueFault {
  std::string phrase;
  std::string hint;
};

/// Types that any word is a value of.
bool is_free_text(ValueType type);

/// Reads a word as the type says. Texts and expressions are taken as they are; a file needs a name; a choice
/// is one of `choices`.
std::expected<Arguments::Value, ValueFault> read_value(ValueType type,
                                                       std::span<const std::string_view> choices,
                                                       std::string_view text);

}  // namespace sz::plan
