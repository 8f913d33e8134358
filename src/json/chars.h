#pragma once

#include <array>
#include <cstdint>

namespace sz::json {

/// RFC 8259, section 2.
constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What may follow a number or literal directly: white space and `,` `]` `}`.
inline constexpr std::array<bool, 256> ends_scalar = [] {
  std::array<bool, 256> t{};
  for (const char c : {' ', '\n', '\r', '\t', ',', ']', '}'}) t[static_cast<unsigned char>(c)] = true;
  return t;
}();

/// The value of a hexadecimal digit, -1 for other bytes.
inline constexpr std::array<std::int8_t, 256> hex_value = [] {
  std::array<std::int8_t, 256> t{};
  t.fill(-1);
  for (unsigned i = 0; i < 10; ++i) t['0' + i] = static_cast<std::int8_t>(i);
  for (unsigned i = 0; i < 6; ++i) t['a' + i] = t['A' + i] = static_cast<std::int8_t>(10 + i);
  return t;
}();

/// The value of four hexadecimal digits, negative if any is none.
inline std::int32_t hex4(const char* p) {
  const auto v = [p](int i) { return std::int32_t{hex_value[static_cast<unsigned char>(p[i])]}; };
  const std::int32_t a = v(0), b = v(1), c = v(2), d = v(3);
  return (a | b | c | d) < 0 ? -1 : (a << 12 | b << 8 | c << 4 | d);
}

/// What `\c` stands for; 0 for `u` and for letters that make no escape.
constexpr char escape_value(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace sz::json
