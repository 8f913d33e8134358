#pragma once

#include <cstdint>

#include "core/exact_real.h"

namespace sz {

/// Count, sum and sum of squares of numbers, all exact: so the variance is that of the numbers, whatever
/// their order, and rounded once.
class Moments {
 public:
  void add(const json::Number& number) {
    ++count_;
    sum_.add(number);
    squares_.add_square(number);
  }
  void merge(const Moments& other) {
    count_ += other.count_;
    sum_.merge(other.sum_);
    squares_.merge(other.squares_);
  }
  std::uint64_t count() const { return count_; }
  /// Of a sample: divided by count() - 1, which must be > 0. Beyond the range of doubles an infinity.
  double variance() const;
  /// Its square root, also where the variance itself is beyond the range.
  double deviation() const;

 private:
  ExactReal exact_variance() const;

  std::uint64_t count_ = 0;
  ExactReal sum_, squares_;
};

}  // namespace sz
