#include "core/moments.h"

#include <cmath>

namespace sz {

// (n * sum of squares - square of the sum) / (n * (n - 1)).
std::pair<double, int> Moments::scaled() const {
  ExactReal above = squares_.times(count_);
  above.subtract(sum_.squared());
  const auto [mantissa, exponent] = above.scaled();
  const auto n = static_cast<double>(count_);
  return {mantissa / n / (n - 1), exponent};
}

double Moments::variance() const {
  const auto [mantissa, exponent] = scaled();
  return std::ldexp(mantissa, exponent);
}

double Moments::deviation() const {
  const auto [mantissa, exponent] = scaled();
  const bool odd = (exponent & 1) != 0;
  return std::ldexp(std::sqrt(odd ? 2 * mantissa : mantissa), (exponent - (odd ? 1 : 0)) / 2);
}

}  // namespace sz
