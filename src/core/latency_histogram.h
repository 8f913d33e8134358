#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace sz {

/// Spans of time by size, in buckets whose width is 1/16 of the power of two they begin at (the scheme of
/// HdrHistogram): constant memory, and a quantile is at most 1/16 over the true one, never under it.
class LatencyHistogram {
 public:
  void add(Duration d);  ///< a negative one counts as 0
  std::uint64_t count() const { return count_; }
  Duration max() const { return max_; }
  /// The smallest upper end of a bucket that so much of all lies under, at most max(). 0 if there is nothing.
  /// `share` is 0 to 1.
  Duration quantile(double share) const;
  void clear() { *this = {}; }

 private:
  static constexpr std::size_t exact = 16;  // smaller numbers have buckets of their own
  static std::size_t bucket(std::uint64_t ns);
  static std::uint64_t last_in(std::size_t bucket);

  std::array<std::uint64_t, exact + (64 - 4) * exact> counts_{};
  std::uint64_t count_ = 0;
  Duration max_;
};

}  // namespace sz
