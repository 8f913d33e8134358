#include "json/decimal.h"

#include <algorithm>

#include "json/chars.h"

namespace sz::json {

Decimal to_decimal(std::string_view text) {
  constexpr std::int64_t limit = 100'000'000'000'000'000;
  Decimal d;
  d.negative = text.front() == '-';
  if (d.negative) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), e);
  d.digits.assign(text, 0, point);
  if (point < e) {
    d.digits.append(text, point + 1, e - point - 1);
    d.exponent = -static_cast<std::int64_t>(e - point - 1);
  }
  if (e < text.size()) {
    std::int64_t power = 0;
    for (const char c : text.substr(e + 1)) {
      if (is_digit(c)) power = std::min(power * 10 + (c - '0'), limit);
    }
    d.exponent += text[e + 1] == '-' ? -power : power;
  }
  const std::size_t last = d.digits.find_last_not_of('0');
  if (last == std::string::npos) return {d.negative, {}, 0};
  d.exponent += static_cast<std::int64_t>(d.digits.size() - 1 - last);
  d.digits.erase(last + 1);
  d.digits.erase(0, d.digits.find_first_not_of('0'));
  return d;
}

}  // namespace sz::json
