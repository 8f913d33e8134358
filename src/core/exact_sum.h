#pragma once

#include <cstdint>
#include <utility>

#include "json/number.h"

namespace sz {

/// The sum of numbers: of integers exact, of others by compensated summation (Neumaier 1974), so that the
/// order matters only in the last place. Holds 2^63 integers without overflow.
class ExactSum {
 public:
  void add(const json::Number& number) {
    ++count_;
    if (number.integer)
      carry(number.i, number.i < 0 ? -1 : 0);
    else
      add_real(number.d);
  }
  void merge(const ExactSum& other) {
    count_ += other.count_;
    carry(static_cast<std::int64_t>(other.low_), other.high_);
    if (!other.real_) return;
    add_real(other.sum_);
    rest_ += other.rest_;
  }

  std::uint64_t count() const { return count_; }
  /// An integer if all that came were and it fits 64 bits, else the nearest double.
  json::Number total() const;
  /// count() > 0. An integer where the division leaves no rest.
  json::Number mean() const;

 private:
  __int128 integers() const {
    return static_cast<__int128>(static_cast<unsigned __int128>(static_cast<std::uint64_t>(high_)) << 64 |
                                 low_);
  }
  /// Adds a number of 128 bits, given in halves.
  void carry(std::int64_t low, std::int64_t high) {
    const auto more = static_cast<std::uint64_t>(low);
    low_ += more;
    high_ += high + (low_ < more ? 1 : 0);
  }
  void add_real(double d);
  /// The sum as a double and what that leaves out.
  std::pair<double, double> real() const;

  std::uint64_t count_ : 63 = 0;
  bool real_ : 1 = false;  // a number that is no integer came
  std::uint64_t low_ = 0;  // the integers' sum in two halves: a 128-bit member would align all states to 16
  std::int64_t high_ = 0;
  double sum_ = 0, rest_ = 0;
};

}  // namespace sz
