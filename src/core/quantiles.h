#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/exact_number.h"
#include "core/ordered_values.h"
#include "core/quantile_sketch.h"

namespace sz {

/// So many values a quantile is exact for; beyond, it has the sketch's relative error.
inline constexpr std::size_t exact_values = 10'000;

/// The place of the percentile `p` (0 to 100) among `count` > 0 values in order: floor(p / 100 * count), at
/// most the last, as Miller has it.
std::uint64_t percentile_rank(double p, std::uint64_t count);

/// The quantiles of numbers that only come.
class Quantiles {
 public:
  std::uint64_t count() const { return sketch_ ? sketch_->count() : values_.size(); }
  void add(const ExactNumber& value);
  void merge(const Quantiles& other);
  /// The percentile `p`; count() > 0.
  json::Number at(double p);

 private:
  friend class SlidingQuantiles;
  void sort();

  std::vector<ExactNumber> values_;  // in order up to sorted_; empty once there is a sketch
  std::size_t sorted_ = 0;
  std::unique_ptr<QuantileSketch> sketch_;
};

/// The quantiles of numbers that come and go in portions: exact while there are at most `exact_values`.
class SlidingQuantiles {
 public:
  std::uint64_t count() const { return sketch_.count(); }
  void add(const ExactNumber& value);
  void add(const Quantiles& portion);
  /// All of a portion's values are in.
  void remove(const Quantiles& portion);
  /// The values themselves were let go while there were many, and there are few again: refill() with all
  /// portions that are in, before the next question.
  bool wants_refill() const { return !whole_ && sketch_.count() <= exact_values; }
  void refill(const std::vector<const Quantiles*>& portions);
  /// The percentile `p`; count() > 0.
  json::Number at(double p) const;

 private:
  // Well above the bound, so that a count that hovers around it does not refill at each turn.
  static constexpr std::size_t kept_values = 2 * exact_values;
  QuantileSketch sketch_;
  OrderedValues values_;  // all that are in, while whole_
  bool whole_ = true;
};

}  // namespace sz
