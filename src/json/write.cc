#include "json/write.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "json/distinct.h"
#include "json/utf8.h"
#include "json/write_array.h"

namespace sz::json {
namespace {

/// May the byte stand in a JSON string as it is, if the text is ASCII?
constexpr bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

/// The length of the plain start of [p, end). Eight bytes a step: a byte is special if its high bit is set,
/// it is below 0x20, or it equals one of three; a borrow can only make a byte look special that follows a
/// special one.
const char* skip_plain(const char* p, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101U, high = 0x8080808080808080U;
  while (end - p >= 8) {
    std::uint64_t w;
    std::memcpy(&w, p, sizeof w);
    const auto equal = [&](std::uint64_t c) { return (w ^ (ones * c)) - ones; };
    if (((w | (w - ones * 0x20) | equal('"') | equal('\\') | equal(0x7F)) & high) != 0) break;
    p += 8;
  }
  if (end - p >= 4) {
    std::uint32_t w;
    std::memcpy(&w, p, sizeof w);
    constexpr std::uint32_t ones4 = 0x01010101U, high4 = 0x80808080U;
    const auto equal = [&](std::uint32_t c) { return (w ^ (ones4 * c)) - ones4; };
    if (((w | (w - ones4 * 0x20) | equal('"') | equal('\\') | equal(0x7F)) & high4) == 0) p += 4;
  }
  while (p < end && is_plain(static_cast<unsigned char>(*p))) ++p;
  return p;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += "0123456789abcdef"[c >> 4];
      out += "0123456789abcdef"[c & 15];
  }
}

/// Writes the escape of `c` and gives the place behind it.
char* put_rare_escape(char* to, unsigned char c) {
  constexpr std::string_view marks = "\b\f\n\r\t", letters = "bfnrt", digits = "0123456789abcdef";
  *to++ = '\\';
  if (const std::size_t i = marks.find(static_cast<char>(c)); i != std::string_view::npos) {
    *to++ = letters[i];
    return to;
  }
  for (const char digit : {'u', '0', '0', digits[c >> 4], digits[c & 15]}) *to++ = digit;
  return to;
}
inline char* put_escape(char* to, char c) {
  if (c != '"' && c != '\\') [[unlikely]]
    return put_rare_escape(to, static_cast<unsigned char>(c));
  to[0] = '\\';
  to[1] = c;
  return to + 2;
}

/// Must the byte be escaped?
constexpr bool is_special(unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c == 0x7F; }

/// The high bit of each byte of `w` that is_special(), and of no other.
inline std::uint64_t specials(std::uint64_t w) {
  constexpr std::uint64_t ones = 0x0101010101010101U, low = ones * 0x7F;
  const auto zero = [](std::uint64_t v) { return ~(((v & low) + low) | v | low); };
  return zero(w & (ones * 0xE0)) | zero(w ^ (ones * '"')) | zero(w ^ (ones * '\\')) | zero(w ^ (ones * 0x7F));
}

/// Writes [p, end) escaped: at most six bytes for one, and up to eight more behind them that do not count.
char* put_escaped(char* to, const char* p, const char* end) {
  constexpr std::ptrdiff_t word = sizeof(std::uint64_t);
  while (std::endian::native == std::endian::little && end - p >= 2 * word) {
    std::uint64_t w;
    std::memcpy(&w, p, word);
    std::ptrdiff_t from = 0;
    for (std::uint64_t special = specials(w); special != 0; special &= special - 1) {
      const std::ptrdiff_t at = std::countr_zero(special) / 8;
      std::memcpy(to, p + from, word);  // a whole word costs less than the right number of bytes
      to = put_escape(to + (at - from), p[at]);
      from = at + 1;
    }
    std::memcpy(to, p + from, word);
    to += word - from;
    p += word;
  }
  for (; p < end; ++p) {
    if (is_special(static_cast<unsigned char>(*p)))
      to = put_escape(to, *p);
    else
      *to++ = *p;
  }
  return to;
}

}  // namespace

void append_utf8_string(std::string& out, std::string_view text) {
  constexpr std::size_t piece = 4096, longest_escape = 6;
  out += '"';
  while (!text.empty()) {
    const std::size_t size = out.size(), n = std::min(piece, text.size());
    out.resize_and_overwrite(size + longest_escape * n + 8, [&](char* bytes, std::size_t) {
      return static_cast<std::size_t>(put_escaped(bytes + size, text.data(), text.data() + n) - bytes);
    });
    text.remove_prefix(n);
  }
  out += '"';
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_string_content(out, text);
  out += '"';
}

void append_string_content(std::string& out, std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (true) {
    const char* const from = p;
    std::size_t bad = 0;
    while ((p = skip_plain(p, end)) != end && static_cast<unsigned char>(*p) >= 0x80) {
      const std::size_t n = utf8_length(p, end);
      if (n == 0) {
        bad = utf8_bad_length(p, end);
        break;
      }
      p += n;
    }
    out.append(from, p);
    if (p == end) break;
    if (bad != 0) {
      out += "\uFFFD";
      p += bad;
    } else {
      append_escape(out, *p++);
    }
  }
}

void append_compact(std::string& out, const Node& node) {
  switch (node.kind()) {
    case Kind::array:
      append_array(out, node, append_compact);
      return;
    case Kind::object: {
      char separator = '{';
      const auto member = [&](const Node& key, const Node& value) {
        out += separator;
        separator = ',';
        out += key.raw();
        out += ':';
        append_compact(out, value);
      };
      if (has_repeated_names(node)) {
        for (const auto& [key, value] : distinct_members(node)) member(key, value);
      } else {
        for (const auto& [key, value] : node.members()) member(key, value);
      }
      out += node.empty() ? "{}" : "}";
      return;
    }
    default:
      out += node.raw();
  }
}

}  // namespace sz::json
