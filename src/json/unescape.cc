#include "json/unescape.h"

#include "json/chars.h"
#include "json/utf8.h"

namespace sz::json {
namespace {

/// Calls piece(view) for each run of plain text and point(code point) for each escape; either returns false
/// to stop.
template <class Piece, class Point>
bool each_piece(std::string_view raw, Piece piece, Point point) {
  while (true) {
    const std::size_t n = std::min(raw.find('\\'), raw.size());
    if (n != 0 && !piece(raw.substr(0, n))) return false;
    if (n == raw.size()) return true;
    raw.remove_prefix(n);
    if (raw[1] != 'u') {
      if (!point(static_cast<std::uint32_t>(escape_value(raw[1])))) return false;
      raw.remove_prefix(2);
      continue;
    }
    auto c = static_cast<std::uint32_t>(hex4(raw.data() + 2));
    raw.remove_prefix(6);
    if (c >= 0xD800 && c < 0xDC00 && raw.size() >= 6 && raw[0] == '\\' && raw[1] == 'u') {
      const auto low = static_cast<std::uint32_t>(hex4(raw.data() + 2));
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        raw.remove_prefix(6);
      }
    }
    if (!point(c)) return false;
  }
}

}  // namespace

void append_unescaped(std::string& out, std::string_view raw) {
  out.reserve(out.size() + raw.size());
  each_piece(
      raw, [&](std::string_view piece) { return out.append(piece), true; },
      [&](std::uint32_t c) { return append_utf8(out, c), true; });
}

bool unescaped_is(std::string_view raw, std::string_view text) {
  const auto take = [&text](std::string_view piece) {
    if (!text.starts_with(piece)) return false;
    text.remove_prefix(piece.size());
    return true;
  };
  std::string one;  // four bytes at most: never on the heap
  return each_piece(raw, take,
                    [&](std::uint32_t c) {
                      one.clear();
                      append_utf8(one, c);
                      return take(one);
                    }) &&
         text.empty();
}

}  // namespace sz::json
