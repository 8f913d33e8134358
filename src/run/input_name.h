#pragma once

#include <string>
#include <string_view>

#include "core/quote.h"

namespace sz::run {

/// An input as messages show it: its path, quoted, or "stdin" for "-".
inline std::string input_name(std::string_view path) { return path == "-" ? "stdin" : quote(path); }

}  // namespace sz::run
