#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sz::json {

/// The value of a JSON number (RFC 8259, section 6): an exact 64-bit integer when it is written without
/// fraction and exponent and fits (but `-0` is the double), otherwise the nearest double (round to nearest
/// even), or the largest finite one when it is beyond the range, as jq has it.
struct Number {
  bool integer = false;
  std::int64_t i = 0;
  double d = 0;  ///< always set, also for integers
};

/// `text` is a valid JSON number.
Number to_number(std::string_view text);

/// `text` is any text: the number it spells if all of it is one JSON number.
std::optional<Number> parse_number(std::string_view text);

/// Appends a double as jq 1.6 to 1.8 print a computed one: the shortest digits that read back as the same
/// double; plain while the number is at least 1e-4 and needs at most 15 zeros before the point beyond its
/// digits
/// (`12345678909876543000000`), otherwise with an exponent of at least two digits (`1e+17`, `1e-07`). NaN is
/// null, infinities are the largest finite double, minus zero is `-0`.
void append_number(std::string& out, double d);
void append_number(std::string& out, std::int64_t i);

}  // namespace sz::json
