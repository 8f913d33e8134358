#pragma once

#include "expr/value.h"

namespace sz::expr {

/// jq's order: null, false, true, numbers, strings by code point, arrays element by element, objects by their
/// sorted names and then by the values. -1, 0 or 1. NaN is below every number. Integers and doubles are
/// compared exactly.
int compare(const Value& a, const Value& b);
/// Equal in that order; NaN equals nothing.
bool equal(const Value& a, const Value& b);

/// The same for two numbers.
int compare(const json::Number& a, const json::Number& b);

}  // namespace sz::expr
