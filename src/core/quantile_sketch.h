#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sz {

/// How many values lie in each of many buckets whose width is in proportion to where they lie, so that a
/// quantile has a bounded *relative* error: DDSketch (Masson, Rim, Lee; VLDB 2019) with the linearly
/// interpolated mapping, which is the top bits of the double itself. No logarithm is taken, so the same
/// values give the same answer on every machine and in any order. Values are finite.
///
/// An answer is within `relative_error` of a value that has the asked rank (for values of at least 1e-307 or
/// 0). Memory: 1 KiB for each power of two that occurs, at most 4 MiB.
class QuantileSketch {
 public:
  static constexpr double relative_error = 1.0 / 256;

  std::uint64_t count() const { return count_; }
  void add(double value, std::uint64_t times = 1);
  void merge(const QuantileSketch& other);
  /// Takes values out that were put in.
  void remove(double value);
  void remove(const QuantileSketch& other);
  /// The value with `rank` smaller ones before it; rank < count().
  double at(std::uint64_t rank) const;

 private:
  static constexpr int bits = 7;  // buckets a power of two, as bits
  static constexpr std::size_t buckets = std::size_t{1} << bits;
  struct Octave {
    std::int32_t place = 0;  // sign and exponent; ordered as the values are
    std::uint64_t total = 0;
    std::array<std::uint64_t, buckets> counts = {};
  };
  struct Place {
    std::int32_t octave;
    std::size_t bucket;
  };
  static Place place(double value);
  static double middle(std::int32_t octave, std::size_t bucket);
  Octave& octave(std::int32_t place);

  std::vector<Octave> octaves_;  // in order of place
  std::size_t last_ = 0;         // the octave that was used last
  std::uint64_t count_ = 0;
};

}  // namespace sz
