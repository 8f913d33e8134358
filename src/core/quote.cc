#include "core/quote.h"

#include <iterator>

#include <fmt/format.h>

#include "json/utf8.h"

namespace sz {
namespace {

/// Invisible or direction-changing: it must not reach a terminal as it is (Unicode categories Cf, Zl, Zp in
/// common use, and the tags).
bool deceptive(std::uint32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string quote(std::string_view foreign, std::size_t most) {
  std::string shown;
  const auto out = std::back_inserter(shown);
  while (!foreign.empty()) {
    const std::size_t before = shown.size();
    const json::Decoded d = json::decode_utf8(foreign);
    if (!d.valid)
      fmt::format_to(out, "\\x{:02X}", static_cast<unsigned char>(foreign[0]));
    else if (d.code == '\n')
      shown += "\\n";
    else if (d.code == '\r')
      shown += "\\r";
    else if (d.code == '\t')
      shown += "\\t";
    else if (d.code < 0x20 || d.code == 0x7F)
      fmt::format_to(out, "\\x{:02X}", d.code);
    else if ((d.code >= 0x80 && d.code < 0xA0) || deceptive(d.code))
      fmt::format_to(out, "\\u{{{:04X}}}", d.code);
    else
      shown.append(foreign.substr(0, d.length));
    if (shown.size() > most) {
      shown.resize(before);
      shown += "...";
      break;
    }
    foreign.remove_prefix(d.length);
  }
  return shown;
}

std::string quote_json(std::string_view json) {
  std::string shown;
  const auto out = std::back_inserter(shown);
  while (!json.empty()) {
    const json::Decoded d = json::decode_utf8(json);
    if (d.valid && d.code > 0xFFFF && deceptive(d.code))
      fmt::format_to(out, "\\u{:04X}\\u{:04X}", 0xD800 + ((d.code - 0x10000) >> 10),
                     0xDC00 + (d.code & 0x3FF));
    else if (d.valid && ((d.code >= 0x7F && d.code < 0xA0) || deceptive(d.code)))
      fmt::format_to(out, "\\u{:04X}", d.code);
    else
      shown.append(json.substr(0, d.length));
    json.remove_prefix(d.length);
  }
  return shown;
}

}  // namespace sz
