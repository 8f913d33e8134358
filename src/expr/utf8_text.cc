#include "expr/utf8_text.h"

#include <string_view>

#include "json/utf8.h"

namespace sz::expr {

std::string repaired(std::string text) {
  if (json::is_utf8(text)) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const json::Decoded d = json::decode_utf8(rest);
    if (d.valid) {
      out += rest.substr(0, d.length);
    } else {
      json::append_utf8(out, 0xFFFD);
    }
    rest.remove_prefix(d.length);
  }
  return out;
}

}  // namespace sz::expr
