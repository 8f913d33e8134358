#pragma once

#include <cstdint>
#include <memory>

#include "core/exact_real.h"
#include "json/number.h"

namespace sz {

/// The sum of numbers, exact: neither their order nor how they were grouped shows in it. Holds 2^63 integers
/// without overflow.
class ExactSum {
 public:
  void add(const json::Number& number) {
    ++count_;
    if (number.integer)
      carry(number.i, number.i < 0 ? -1 : 0);
    else
      reals().add(number);
  }
  void merge(const ExactSum& other) {
    count_ += other.count_;
    carry(static_cast<std::int64_t>(other.low_), other.high_);
    if (other.reals_) reals().merge(*other.reals_);
  }

  std::uint64_t count() const { return count_; }
  /// An integer if all that came were and it fits 64 bits, else the nearest double.
  json::Number total() const;
  /// count() > 0. An integer where the division leaves no rest, else the nearest double.
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
  ExactReal& reals() {
    if (!reals_) reals_ = std::make_unique<ExactReal>();
    return *reals_;
  }
  ExactReal all() const;

  std::uint64_t count_ = 0;
  std::uint64_t low_ = 0;  // the integers' sum in two halves: a 128-bit member would align all states to 16
  std::int64_t high_ = 0;
  std::unique_ptr<ExactReal> reals_;  // once a number came that is no integer
};

}  // namespace sz
