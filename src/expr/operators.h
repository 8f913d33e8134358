#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "expr/context.h"
#include "expr/value.h"

namespace sz::expr {

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal
};

/// The operator written `+`, `==` ...
std::optional<Operator> operator_of(std::string_view symbol);
/// a OP b. What both evaluators use.
Value apply(Context& context, Operator op, Value a, Value b);
/// Whether an order (negative, 0, positive) satisfies a comparison.
bool satisfies(Operator op, int order);
/// b mirrored(OP) a is a OP b, for comparisons.
Operator mirrored(Operator op);
/// `object` with one more member; the key must be a string.
Value insert(Context& context, Value object, const Value& key, Value v);

}  // namespace sz::expr
