#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sz::json {

/// Length of the valid UTF-8 sequence (RFC 3629) at the start of [p, end), 0 if there is none. p < end.
inline std::size_t utf8_length(const char* p, const char* end) {
  const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
  const unsigned char c = byte(0);
  if (c < 0x80) return 1;
  const auto left = end - p;
  const auto tail = [&](int i) { return (byte(i) & 0xC0) == 0x80; };
  if (c < 0xC2 || c > 0xF4 || left < 2) return 0;
  if (c < 0xE0) return tail(1) ? 2 : 0;
  if (!tail(1) || (c == 0xE0 && byte(1) < 0xA0) || (c == 0xED && byte(1) > 0x9F) ||
      (c == 0xF0 && byte(1) < 0x90) || (c == 0xF4 && byte(1) > 0x8F) || left < 3 || !tail(2)) {
    return 0;
  }
  if (c < 0xF0) return 3;
  return left >= 4 && tail(3) ? 4 : 0;
}

/// How many bytes at the start of [p, end), where utf8_length() is 0, one U+FFFD replaces: the longest start
/// of a sequence that could have become valid, at least 1 (Unicode 15, section 3.9, "substitution of maximal
/// subparts").
inline std::size_t utf8_bad_length(const char* p, const char* end) {
  const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
  const unsigned char c = byte(0);
  if (c < 0xE0 || c > 0xF4 || end - p < 2 || (byte(1) & 0xC0) != 0x80) return 1;
  if ((c == 0xE0 && byte(1) < 0xA0) || (c == 0xED && byte(1) > 0x9F) || (c == 0xF0 && byte(1) < 0x90) ||
      (c == 0xF4 && byte(1) > 0x8F)) {
    return 1;
  }
  return c >= 0xF0 && end - p >= 3 && (byte(2) & 0xC0) == 0x80 ? 3 : 2;
}

/// One code point decoded from UTF-8.
struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 1;  ///< bytes taken; 1 if invalid
  bool valid = false;
};

/// Decodes at the front of `text`, which is not empty.
Decoded decode_utf8(std::string_view text);

/// True if all of `text` is valid UTF-8.
bool is_utf8(std::string_view text);

/// Appends a code point; surrogates and what lies beyond U+10FFFF become U+FFFD.
inline void append_utf8(std::string& out, std::uint32_t c) {
  if ((c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) c = 0xFFFD;
  const auto put = [&out](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

}  // namespace sz::json
