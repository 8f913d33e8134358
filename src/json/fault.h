#pragma once

#include <cstdint>
#include <string_view>

namespace sz::json {

/// Why a line is not one JSON value. Everything but too_deep is a failure of kind `parse`.
enum class FaultCode : std::uint8_t {
  none,
  bad_utf8,
  control_character,  // an unescaped one inside a string
  unclosed_string,
  bad_escape,
  bad_number,
  bad_literal,
  expected_value,
  expected_key,
  expected_colon,
  expected_comma,
  unclosed_container,
  trailing_text,  // something after the value
  too_deep,
};

/// A fault and the byte offset in the line where it shows.
struct Fault {
  FaultCode code = FaultCode::none;
  std::uint32_t offset = 0;
  explicit operator bool() const { return code != FaultCode::none; }
};

/// A short English phrase without an offset: "invalid number".
std::string_view phrase(FaultCode code);

/// Containers may nest this deep; one more level is too_deep.
inline constexpr std::uint32_t max_depth = 1024;

}  // namespace sz::json
