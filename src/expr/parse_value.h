#pragma once

#include <string_view>

#include "expr/value.h"
#include "json/node.h"

namespace sz::expr {

/// A built copy of `node` that does not need its document any more. Numbers that are no 64-bit integer keep
/// their text.
Value copy_value(Heap& heap, const json::Node& node);

/// The same of one valid JSON value as text; null if it is not valid.
Value parse_value(Heap& heap, std::string_view json);

}  // namespace sz::expr
