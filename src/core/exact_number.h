#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

#include "json/number.h"

namespace sz {

/// A number in 16 bytes that is compared by its exact value, integers of 64 bits among doubles. Those of one
/// value are ordered as well (-0 before 0, doubles before integers), so that equal ones print the same.
struct ExactNumber {
  double d = 0;           ///< the nearest double
  std::int32_t rest = 0;  ///< what an integer has beyond that
  bool integer = false;

  ExactNumber() = default;
  ExactNumber(const json::Number& n)  // NOLINT(google-explicit-constructor): the same number
      : d(n.d),
        rest(n.integer ? static_cast<std::int32_t>(n.i - static_cast<__int128>(n.d)) : 0),
        integer(n.integer) {}
  operator json::Number() const {  // NOLINT(google-explicit-constructor)
    return {.integer = integer,
            .i = integer ? static_cast<std::int64_t>(static_cast<__int128>(d) + rest) : 0,
            .d = d};
  }

  /// By value alone. None is NaN.
  static std::weak_ordering by_value(const ExactNumber& a, const ExactNumber& b) {
    if (a.d != b.d) return a.d < b.d ? std::weak_ordering::less : std::weak_ordering::greater;
    return a.rest <=> b.rest;
  }
  friend std::strong_ordering operator<=>(const ExactNumber& a, const ExactNumber& b) {
    if (a.d != b.d) return a.d < b.d ? std::strong_ordering::less : std::strong_ordering::greater;
    if (a.rest != b.rest) return a.rest <=> b.rest;
    if (a.integer != b.integer) return a.integer <=> b.integer;
    return std::signbit(b.d) <=> std::signbit(a.d);
  }
  friend bool operator==(const ExactNumber& a, const ExactNumber& b) { return (a <=> b) == 0; }
};

}  // namespace sz
