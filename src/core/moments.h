#pragma once

#include <cstdint>

namespace sz {

/// Count, mean and squared deviations of numbers in one pass (Welford 1962), merged after Chan, Golub and
/// LeVeque (1979).
class Moments {
 public:
  void add(double x) {
    const double off = x - mean_;
    mean_ += off / static_cast<double>(++count_);
    squares_ += off * (x - mean_);
  }
  void merge(const Moments& other) {
    if (other.count_ == 0) return;
    const auto mine = static_cast<double>(count_), theirs = static_cast<double>(other.count_);
    const double off = other.mean_ - mean_;
    count_ += other.count_;
    mean_ += off * theirs / (mine + theirs);
    squares_ += other.squares_ + off * off * mine * theirs / (mine + theirs);
  }
  std::uint64_t count() const { return count_; }
  /// Of a sample: divided by count() - 1, which must be > 0.
  double variance() const { return squares_ / static_cast<double>(count_ - 1); }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

}  // namespace sz
