#include "json/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "json/chars.h"
#include "json/decimal.h"
#include "json/diagnose.h"

namespace sz::json {

Number to_number(std::string_view text) {
  Number n;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, n.i);
  if (error == std::errc() && stop == end && (n.i != 0 || text.front() != '-')) {
    n.integer = true;
    n.d = static_cast<double>(n.i);
    return n;
  }
  n.i = 0;
  if (std::from_chars(text.data(), end, n.d).ec != std::errc()) {
    const Decimal decimal = to_decimal(text);
    const double size = decimal.magnitude() > 0 ? std::numeric_limits<double>::max() : 0.0;
    n.d = decimal.negative ? -size : size;
  }
  return n;
}

std::optional<Number> parse_number(std::string_view text) {
  if (text.empty() || (text.front() != '-' && !is_digit(text.front())) || !is_digit(text.back()) ||
      diagnose(text))
    return std::nullopt;
  return to_number(text);
}

void append_number(std::string& out, std::int64_t i) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, i).ptr);
}

void append_number(std::string& out, double d) {
  if (std::isnan(d)) {
    out += "null";
    return;
  }
  d = std::clamp(d, -std::numeric_limits<double>::max(), std::numeric_limits<double>::max());
  if (std::abs(d) < 1e15 && d == std::trunc(d)) {
    if (d == 0 && std::signbit(d)) out += '-';
    append_number(out, static_cast<std::int64_t>(d));
    return;
  }
  // Shortest digits that read back as d, as "d.ddde[+-]xx".
  char buffer[32];
  const char* const stop =
      std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  const std::string_view shortest(buffer, static_cast<std::size_t>(stop - buffer));
  const Decimal decimal = to_decimal(shortest);
  // jq: from jvp_dtoa_fmt(), where `point` counts the digits before the decimal point.
  const auto digits = std::ssize(decimal.digits);
  const auto point = static_cast<std::ptrdiff_t>(decimal.magnitude());
  if (point <= -4 || point > digits + 15) {
    out += shortest;
    return;
  }
  if (decimal.negative) out += '-';
  if (point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += decimal.digits;
  } else if (point >= digits) {
    out += decimal.digits;
    out.append(static_cast<std::size_t>(point - digits), '0');
  } else {
    out.append(decimal.digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(decimal.digits, static_cast<std::size_t>(point));
  }
}

}  // namespace sz::json
