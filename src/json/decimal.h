#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sz::json {

/// The exact value of a JSON number: digits * 10^exponent, without zeros at either end of the digits; zero
/// has none. The exponent saturates near +-10^17.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;

  /// How many digits stand before the decimal point in plain notation; not above 0 for what is less than 0.1.
  std::int64_t magnitude() const { return static_cast<std::int64_t>(digits.size()) + exponent; }
  bool integer() const { return exponent >= 0; }
};

/// `text` is a valid JSON number.
Decimal to_decimal(std::string_view text);

}  // namespace sz::json
