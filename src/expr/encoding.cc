#include "expr/encoding.h"

#include <cstddef>
#include <cstdint>

namespace sz::expr {

namespace {

constexpr std::string_view digits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view digits32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// `bits` a digit, padded to whole groups of `group` digits.
std::string encode(std::string_view bytes, std::string_view digits, unsigned bits, std::size_t group) {
  std::string out;
  out.reserve((bytes.size() * 8 / bits / group + 1) * group);
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= bits; count -= bits)
      out += digits[held >> (count - bits) & (digits.size() - 1)];
  }
  if (count > 0) out += digits[held << (bits - count) & (digits.size() - 1)];
  while (out.size() % group != 0) out += '=';
  return out;
}

struct Digits {
  std::string bytes;
  std::size_t count = 0;
  bool valid = true;
};

Digits decode(std::string_view text, std::string_view digits, unsigned bits) {
  Digits out;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) {
      out.valid = false;
      return out;
    }
    ++out.count;
    held = held << bits | static_cast<std::uint32_t>(digit);
    count += bits;
    if (count >= 8) {
      count -= 8;
      out.bytes += static_cast<char>(held >> count & 0xFF);
    }
  }
  return out;
}

}  // namespace

std::string to_base64(std::string_view bytes) { return encode(bytes, digits64, 6, 4); }
std::string to_base32(std::string_view bytes) { return encode(bytes, digits32, 5, 8); }

std::expected<std::string, std::string_view> from_base64(std::string_view text) {
  Digits d = decode(text, digits64, 6);
  if (!d.valid) return std::unexpected("is not valid base64 data");
  if (d.count % 4 == 1) return std::unexpected("trailing base64 byte found");
  return std::move(d.bytes);
}

std::expected<std::string, std::string_view> from_base32(std::string_view text) {
  Digits d = decode(text, digits32, 5);
  if (!d.valid) return std::unexpected("is not valid base32 data");
  return std::move(d.bytes);
}

}  // namespace sz::expr
