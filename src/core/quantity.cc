#include "core/quantity.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "core/time_unit.h"

namespace sz {
namespace {

/// Takes an unsigned decimal (`12`, `1.5`, `.5`) off the front of `text`; nothing if there is none.
std::optional<double> take_decimal(std::string_view& text) {
  std::size_t n = 0;
  bool digits = false;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n, digits = true;
  if (n < text.size() && text[n] == '.') {
    ++n;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n, digits = true;
  }
  if (!digits) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + n, value);
  if (error != std::errc() || end != text.data() + n) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

struct SizeUnit {
  std::string_view name;
  double bytes;
};
constexpr SizeUnit size_units[] = {
    {"", 1},    {"B", 1},       {"k", 1e3},     {"K", 1e3},        {"M", 1e6},
    {"G", 1e9}, {"Ki", 1024.0}, {"ki", 1024.0}, {"Mi", 1048576.0}, {"Gi", 1073741824.0}};

}  // namespace

std::expected<std::uint64_t, std::string> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return std::unexpected("is too large");
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return std::unexpected("is not a whole number");
  return value;
}

std::expected<std::uint64_t, std::string> parse_size(std::string_view text) {
  const auto number = take_decimal(text);
  if (number)
    for (const SizeUnit& unit : size_units)
      if (text == unit.name) {
        const double bytes = *number * unit.bytes;
        if (bytes >= 9.2e18) return std::unexpected("is too large");
        if (bytes != std::floor(bytes)) return std::unexpected("is not a whole number of bytes");
        return static_cast<std::uint64_t>(bytes);
      }
  return std::unexpected("is not a size such as 4096, 64k, 1.5M or 2Gi");
}

std::expected<double, std::string> parse_factor(std::string_view text) {
  constexpr double largest = 1000;
  const auto number = take_decimal(text);
  if (!number || !text.empty() || *number < 1 || *number > largest)
    return std::unexpected("must be a number from 1 to 1000");
  return *number;
}

std::expected<double, std::string> parse_share(std::string_view text) {
  const auto wrong = std::unexpected("is not a share such as 0.5, 50% or 1/2");
  const auto number = take_decimal(text);
  if (!number) return wrong;
  double share = *number;
  if (text == "%") {
    share /= 100;
  } else if (text.starts_with('/')) {
    text.remove_prefix(1);
    const auto whole = take_decimal(text);
    if (!whole || !text.empty() || *whole == 0) return wrong;
    share /= *whole;
  } else if (!text.empty()) {
    return wrong;
  } else if (share > 1) {
    return std::unexpected("is over 1: write a share as 0.5, 50% or 1/2");
  }
  if (share > 1) return std::unexpected("is more than the whole");
  return share;
}

std::expected<Rate, std::string> parse_rate(std::string_view text) {
  const auto wrong = std::unexpected("is not a rate such as 50/s or 0.5/m");
  const auto number = take_decimal(text);
  if (!number || !text.starts_with('/')) return wrong;
  text.remove_prefix(1);
  const TimeUnit* const unit = time_unit(text);
  if (unit == nullptr) return wrong;
  const Rate rate{.events = *number, .per = {unit->ns}};
  if (rate.events <= 0) return std::unexpected("is not a rate over 0");
  return rate;
}

}  // namespace sz
