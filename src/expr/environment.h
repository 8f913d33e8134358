#pragma once

#include "expr/value.h"

namespace sz::expr {

/// An environment, as execve(2) has it, as an object of strings: $ENV and env. Bytes that are not UTF-8
/// become U+FFFD. Null is an empty one.
Value environment(Heap& heap, const char* const* variables);

}  // namespace sz::expr
