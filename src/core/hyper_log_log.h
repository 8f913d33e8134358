#pragma once

#include <cstdint>
#include <vector>

namespace sz {

/// How many different hashes came, estimated in 16 KiB: HyperLogLog (Flajolet and others, 2007) with 2^14
/// registers and Ertl's improved estimator (arXiv:1702.01284, algorithm 6), which needs no tables. The
/// standard error is 0.81 %. The order of the hashes does not matter.
class HyperLogLog {
 public:
  static constexpr double standard_error = 0.0081;

  HyperLogLog() : registers_(std::size_t{1} << precision) {}
  /// `hash` is uniform in all 64 bits.
  void add(std::uint64_t hash);
  void merge(const HyperLogLog& other);
  std::uint64_t estimate() const;

 private:
  static constexpr int precision = 14;
  std::vector<std::uint8_t> registers_;
};

}  // namespace sz
