#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "json/bytes.h"
#include "json/chars.h"

namespace sz::json {

/// How many of the bytes at p are decimal digits, looking at eight at a time; p[0..7] and eight more for each
/// eight digits must be readable.
inline const char* skip_digits(const char* p) {
  if constexpr (std::endian::native == std::endian::little) {
    for (;; p += 8) {
      std::uint64_t w;
      std::memcpy(&w, p, sizeof w);
      w ^= 0x3030303030303030U;
      const std::uint64_t other = (w | (w + 0x7676767676767676U)) & 0x8080808080808080U;
      if (other != 0) return p + (std::countr_zero(other) >> 3);
    }
  } else {
    while (is_digit(*p)) ++p;
    return p;
  }
}

/// The end of the number (RFC 8259, section 6) that starts at p, or null if none does or something else than
/// white space, `,`, `]`, `}` follows it. Reads up to eight bytes beyond its end.
inline const char* number_end(const char* p) {
  p += *p == '-';
  const char* digits = p;
  p = skip_digits(p);
  if (p == digits || (*digits == '0' && p - digits > 1)) return nullptr;
  if (*p == '.') {
    digits = ++p;
    p = skip_digits(p);
    if (p == digits) return nullptr;
  }
  if ((*p | 0x20) == 'e') {
    ++p;
    p += *p == '+' || *p == '-';
    digits = p;
    p = skip_digits(p);
    if (p == digits) return nullptr;
  }
  return ends_scalar[static_cast<unsigned char>(*p)] ? p : nullptr;
}

/// Does `true`, `false` or `null` start at p, and nothing else follow it directly? One branch for all three:
/// which of them it is may be random. Reads six bytes.
inline bool literal_at(const char* p) {
  std::uint32_t head, tail;
  std::memcpy(&head, p, sizeof head);
  std::memcpy(&tail, p + 1, sizeof tail);
  const auto word = [](const char(&text)[5]) {
    std::uint32_t w;
    std::memcpy(&w, text, sizeof w);
    return w;
  };
  const unsigned four = unsigned{head == word("true")} | unsigned{head == word("null")};
  const unsigned five = unsigned{*p == 'f'} & unsigned{tail == word("alse")};
  const auto ends = [p](int i) { return unsigned{ends_scalar[static_cast<unsigned char>(p[i])]}; };
  return ((four & ends(4)) | (five & ends(5))) != 0;
}

/// Are the `size` bytes at p an unsigned integer or decimal without an exponent? False also where it takes
/// more than a look at 16 bytes to tell. Reads 17 bytes.
inline bool is_plain_number(const char* p, std::uint32_t size) {
  if (size > 16) return false;
  const std::uint32_t others = ~digits16(p) & ((1U << size) - 1);
  if (others == 0) return *p != '0' || size == 1;
  const auto whole = static_cast<std::uint32_t>(std::countr_zero(others));  // digits before the point
  return whole != 0 && (*p != '0' || whole == 1) && (others & (others - 1)) == 0 && p[whole] == '.' &&
         whole + 1 < size;
}

/// Does a number that starts with the digit at p end where it must? `size` as in scalar_at().
[[gnu::always_inline]] inline bool unsigned_at(const char* p, std::uint32_t size) {
  return is_plain_number(p, size) || number_end(p) != nullptr;
}

/// Does a number or literal start at p, and nothing else follow it directly? The next slot of the index is
/// `size` bytes on: between them there is only white space behind it.
inline bool scalar_at(const char* p, std::uint32_t size) {
  if (is_digit(*p)) return unsigned_at(p, size);
  return *p == '-' ? number_end(p) != nullptr : literal_at(p);
}

}  // namespace sz::json
