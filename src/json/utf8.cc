#include "json/utf8.h"

#include <simdjson.h>

namespace sz::json {

Decoded decode_utf8(std::string_view text) {
  const std::size_t length = utf8_length(text.data(), text.data() + text.size());
  if (length == 0) return {};
  const auto byte = [text](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return {byte(0), 1, true};
  std::uint32_t code = byte(0) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return {code, length, true};
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace sz::json
