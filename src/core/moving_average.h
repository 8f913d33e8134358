#pragma once

#include <cmath>
#include <cstdint>

namespace sz {

/// The exponentially weighted moving average: the first value, then each value moves it by `share` of the
/// difference.
class MovingAverage {
 public:
  explicit MovingAverage(double share) : share_(share) {}
  void add(double x) {
    average_ = count_++ == 0 ? x : moved(average_, x);
    // The same over an earlier average a: weight_ * a + tail_.
    tail_ = moved(tail_, x);
    weight_ *= 1 - share_;
  }
  /// `later` came after all that is here.
  void merge(const MovingAverage& later) {
    if (later.count_ == 0) return;
    average_ = count_ == 0 ? later.average_ : later.weight_ * average_ + later.tail_;
    tail_ = later.weight_ * tail_ + later.tail_;
    weight_ *= later.weight_;
    count_ += later.count_;
  }
  std::uint64_t count() const { return count_; }
  double average() const { return average_; }  ///< count() > 0

 private:
  /// Equal values stay as they are; of two at both ends of the range the difference overflows.
  double moved(double from, double x) const {
    const double to = from + share_ * (x - from);
    return std::isfinite(to) ? to : share_ * x + (1 - share_) * from;
  }

  double share_;
  double average_ = 0, tail_ = 0, weight_ = 1;
  std::uint64_t count_ = 0;
};

}  // namespace sz
