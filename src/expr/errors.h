#pragma once

#include <string>
#include <string_view>

#include "expr/context.h"
#include "expr/value.h"

namespace sz::expr {

/// "number", "array" ...: jq's names of the kinds.
std::string_view kind_name(const Value& v);
/// The value as jq shows it in messages: compact, at most 29 bytes, cut at a character with `...` behind.
std::string preview(const Value& v);

/// `KIND (VALUE) WHAT`, for example: string ("a") cannot be negated.
Value type_error(Context& context, const Value& v, std::string_view what);
/// `KIND (VALUE) and KIND (VALUE) WHAT`.
Value type_error(Context& context, const Value& a, const Value& b, std::string_view what);

}  // namespace sz::expr
