#pragma once

#include "expr/value.h"

namespace sz::expr {

/// The variables of the process's environment as an object of strings: $ENV and env. Bytes that are not UTF-8
/// become U+FFFD.
Value environment(Heap& heap);

}  // namespace sz::expr
