#include "core/hyper_log_log.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace sz {
namespace {

// Ertl, equations for what empty and full registers add. Both converge after few steps.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1, z = x, before;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (z != before);
  return z;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x, before;
  do {
    x = std::sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) * (1 - x) * y;
  } while (z != before);
  return z / 3;
}

}  // namespace

void HyperLogLog::add(std::uint64_t hash) {
  const std::size_t i = hash >> (64 - precision);
  // The marker bit ends a run of zeros that would go on for ever.
  const std::uint64_t rest = hash << precision | std::uint64_t{1} << (precision - 1);
  const auto run = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
  registers_[i] = std::max(registers_[i], run);
}

void HyperLogLog::merge(const HyperLogLog& other) {
  for (std::size_t i = 0; i < registers_.size(); ++i)
    registers_[i] = std::max(registers_[i], other.registers_[i]);
}

std::uint64_t HyperLogLog::estimate() const {
  constexpr int q = 64 - precision;
  constexpr double alpha = 0.721347520444481703680;  // 1 / (2 ln 2)
  std::array<double, q + 2> having = {};
  for (const std::uint8_t r : registers_) ++having[r];
  const auto m = static_cast<double>(registers_.size());
  double z = m * tau(1 - having[q + 1] / m);
  for (int k = q; k >= 1; --k) z = (z + having[static_cast<std::size_t>(k)]) / 2;
  z += m * sigma(having[0] / m);
  return static_cast<std::uint64_t>(std::llround(alpha * m * m / z));
}

}  // namespace sz
