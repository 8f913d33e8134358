#include "core/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sz {
namespace {

constexpr int digits = 4;  // of a number that count, behind the leading one

}  // namespace

std::size_t LatencyHistogram::bucket(std::uint64_t ns) {
  if (ns < exact) return static_cast<std::size_t>(ns);
  const int shift = static_cast<int>(std::bit_width(ns)) - 1 - digits;
  return exact * static_cast<std::size_t>(shift) + static_cast<std::size_t>(ns >> shift);
}

std::uint64_t LatencyHistogram::last_in(std::size_t bucket) {
  if (bucket < exact) return bucket;
  const std::size_t shift = bucket / exact - 1;
  return ((bucket - exact * shift + 1) << shift) - 1;
}

void LatencyHistogram::add(Duration d) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, d.ns));
  ++counts_[bucket(ns)];
  ++count_;
  max_ = std::max(max_, Duration{static_cast<std::int64_t>(ns)});
}

Duration LatencyHistogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t under = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    under += counts_[i];
    if (under != 0 && under >= wanted) return std::min(max_, Duration{static_cast<std::int64_t>(last_in(i))});
  }
  return max_;
}

}  // namespace sz
