#pragma once

#include <string>
#include <string_view>

namespace sz::expr {

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired(std::string text);

}  // namespace sz::expr
