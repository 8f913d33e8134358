#include "core/retry_schedule.h"

#include <algorithm>
#include <cmath>

namespace sz {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): 0 <= result < 1.
double uniform(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

}  // namespace

Duration RetrySchedule::wait(std::uint64_t tried) {
  if (rules_.delay.ns == 0) return {};
  const auto most = static_cast<double>(rules_.max_delay.ns);
  const double exponent = static_cast<double>(tried == 0 ? 0 : tried - 1);
  const double grown = static_cast<double>(rules_.delay.ns) * std::pow(rules_.factor, exponent);
  double wait = grown < most ? grown : most;
  if (rules_.jitter == Jitter::full) wait *= uniform(state_);
  if (rules_.jitter == Jitter::equal) wait *= 0.5 + uniform(state_) / 2;
  return {std::min(static_cast<std::int64_t>(wait), rules_.max_delay.ns)};
}

}  // namespace sz
