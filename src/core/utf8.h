#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sz {

/// One code point decoded from UTF-8 (RFC 3629, section 4): overlong forms, surrogates and values over
/// U+10FFFF are invalid.
struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 1;  ///< bytes taken; 1 if invalid
  bool valid = false;
};

/// Decodes at the front of `text`, which is not empty.
Decoded decode_utf8(std::string_view text);

/// True if all of `text` is valid UTF-8.
bool is_utf8(std::string_view text);

}  // namespace sz
