#pragma once

#include "expr/context.h"
#include "expr/value.h"

namespace sz::expr {

/// jq's operators. Integers are exact while the result fits 64 bits, everything else is IEEE double. Operands
/// are taken over, so that a built left side with one owner grows in place.
Value add(Context& context, Value a, Value b);
Value subtract(Context& context, Value a, Value b);
Value multiply(Context& context, Value a, Value b);
Value divide(Context& context, Value a, Value b);
Value modulo(Context& context, Value a, Value b);
Value negate(Context& context, const Value& a);

/// The pieces of `text` between occurrences of `separator`; code points if that is empty.
Value split(Context& context, const Value& text, const Value& separator);

}  // namespace sz::expr
