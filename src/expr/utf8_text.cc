#include "expr/utf8_text.h"

#include <utility>

#include "core/utf8.h"

namespace sz::expr {

void append_code_point(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t b) { out += static_cast<char>(b); };
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string repaired(std::string text) {
  if (is_utf8(text)) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const Decoded d = decode_utf8(rest);
    if (d.valid) {
      out += rest.substr(0, d.length);
    } else {
      append_code_point(out, 0xFFFD);
    }
    rest.remove_prefix(d.length);
  }
  return out;
}

}  // namespace sz::expr
