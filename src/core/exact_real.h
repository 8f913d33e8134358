#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "json/number.h"

namespace sz {

/// A sum of finite numbers and of their squares without any rounding, so that neither order nor grouping
/// shows in it, and nothing overflows on the way: a long accumulator (Kulisch) of which only the digits exist
/// between the lowest and the highest that occurred. There may be millions of them: 16 bytes, and
/// 8 on the heap for each 32 binary places that occur, at most 1 KiB.
class ExactReal {
 public:
  ExactReal() = default;
  ExactReal(const ExactReal& other);
  ExactReal(ExactReal&&) = default;
  ExactReal& operator=(const ExactReal&) = delete;
  ExactReal& operator=(ExactReal&&) = default;
  ~ExactReal() = default;

  void add(const json::Number& number);
  void add_square(const json::Number& number);
  void add(__int128 integer);
  void merge(const ExactReal& other) { merge(other, false); }
  void subtract(const ExactReal& other) { merge(other, true); }
  ExactReal squared() const;
  ExactReal times(std::uint64_t factor) const;
  /// Divided by `divisor` > 0. Where that does not come out even it is cut off so far below that value() and
  /// root() are those of the quotient, also when it is divided once more.
  ExactReal over(std::uint64_t divisor) const;

  /// The nearest double, of two the even one; beyond the range an infinity.
  double value() const;
  /// The double nearest to the square root, of a number that is not negative; not beyond the range where the
  /// number itself is.
  double root() const;

 private:
  using Magnitude = unsigned __int128;
  struct Parts;
  void merge(const ExactReal& other, bool negative);
  /// Adds magnitude * 2^exponent.
  void add(Magnitude magnitude, int exponent, bool negative);
  /// Makes room for digits from place `from` to before `to`.
  void cover(int from, int to);
  void carry();
  /// Sign and magnitude: digits in [0, 2^32).
  ExactReal magnitude(bool& negative) const;
  /// The 128 places from the highest digit on, and whether anything lies below. Of a magnitude() > 0.
  Magnitude top(bool& rest) const;
  /// What the lowest of these places counts, as a power of two.
  int top_exponent() const;

  std::span<std::int64_t> digits() { return {digits_.get(), size_}; }
  std::span<const std::int64_t> digits() const { return {digits_.get(), size_}; }

  // Digit i counts 2^(32 * (low_ + i)); the last one's sign is that of all.
  std::unique_ptr<std::int64_t[]> digits_;
  std::int16_t low_ = 0;
  std::uint16_t size_ = 0;
  std::uint32_t added_ = 0;  // since the last carry(): a digit is below so many times 2^32
};

}  // namespace sz
