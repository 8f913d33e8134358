#include "core/exact_sum.h"

#include <cmath>
#include <limits>

namespace sz {
namespace {

json::Number real_number(double d) { return {.integer = false, .i = 0, .d = d}; }

json::Number number(__int128 i) {
  if (i < std::numeric_limits<std::int64_t>::min() || i > std::numeric_limits<std::int64_t>::max())
    return real_number(static_cast<double>(i));
  return {.integer = true, .i = static_cast<std::int64_t>(i), .d = static_cast<double>(i)};
}

}  // namespace

ExactReal ExactSum::all() const {
  ExactReal all = *reals_;
  all.add(integers());
  return all;
}

json::Number ExactSum::total() const { return reals_ ? real_number(all().value()) : number(integers()); }

// The division's remainder and what the rounded sum leaves out are divided once more: 0.1, 0.2 and 0.3 have
// the mean 0.2. A sum beyond the range has a mean within it.
json::Number ExactSum::mean() const {
  const auto n = static_cast<double>(count_);
  if (!reals_ && integers() % static_cast<__int128>(count_) == 0)
    return number(integers() / static_cast<__int128>(count_));
  if (!reals_) return real_number(static_cast<double>(integers()) / n);
  ExactReal sum = all();
  const double rounded = sum.value();
  if (!std::isfinite(rounded)) {
    const auto [mantissa, exponent] = sum.scaled();
    return real_number(std::ldexp(mantissa / n, exponent));
  }
  sum.add(real_number(-rounded));
  const double mean = rounded / n;
  return real_number(mean + (std::fma(-mean, n, rounded) + sum.value()) / n);
}

}  // namespace sz
