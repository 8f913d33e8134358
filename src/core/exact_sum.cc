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

void ExactSum::add_real(double d) {
  real_ = true;
  const double sum = sum_ + d;
  rest_ += std::abs(sum_) >= std::abs(d) ? (sum_ - sum) + d : (d - sum) + sum_;
  sum_ = sum;
}

std::pair<double, double> ExactSum::real() const {
  if (!std::isfinite(sum_)) return {sum_, 0};
  ExactSum both = *this;
  both.add_real(static_cast<double>(integers()));
  const double sum = both.sum_ + both.rest_;
  return {sum, (both.sum_ - sum) + both.rest_};
}

json::Number ExactSum::total() const { return real_ ? real_number(real().first) : number(integers()); }

// The division's remainder and what the sum leaves out are divided once more: 0.1, 0.2 and 0.3 have the mean
// 0.2.
json::Number ExactSum::mean() const {
  const auto n = static_cast<double>(count_);
  if (!real_ && integers() % static_cast<__int128>(count_) == 0)
    return number(integers() / static_cast<__int128>(count_));
  if (!real_) return real_number(static_cast<double>(integers()) / n);
  const auto [sum, rest] = real();
  const double mean = sum / n;
  return real_number(std::isfinite(mean) ? mean + (std::fma(-mean, n, sum) + rest) / n : mean);
}

}  // namespace sz
