#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sz::expr {

/// Appends a code point as UTF-8; what is none (a surrogate, over U+10FFFF) becomes U+FFFD.
void append_code_point(std::string& out, std::uint32_t c);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired(std::string text);

}  // namespace sz::expr
