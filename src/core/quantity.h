#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sz {

// The quantities of the command line. Each reader takes the whole text and its error is one phrase for the
// user.

/// A whole number >= 0 in decimal digits.
std::expected<std::uint64_t, std::string> parse_count(std::string_view text);

/// Bytes: `4096`, `64k`, `1.5M`, `2G` (thousands), `64Ki`, `1Mi`, `2Gi` (1024s).
std::expected<std::uint64_t, std::string> parse_size(std::string_view text);

/// A plain number >= 1 such as `2` or `1.5`, at most 1000: by what something grows.
std::expected<double, std::string> parse_factor(std::string_view text);

/// A share of a whole, 0 to 1: `0.5`, `50%` or `1/2`; a bare number over 1 is an error.
std::expected<double, std::string> parse_share(std::string_view text);

/// So many events a span of time: `50/s` is 50 in 1 s, `0.5/m` is 0.5 in 1 min.
struct Rate {
  double events = 0;  ///< > 0
  Duration per;       ///< > 0
};
/// `N/UNIT` with a unit of ms, s, m, h or d; N > 0.
std::expected<Rate, std::string> parse_rate(std::string_view text);

}  // namespace sz
