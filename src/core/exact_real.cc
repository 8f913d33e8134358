#include "core/exact_real.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sz {
namespace {

constexpr int digit_bits = 32;
constexpr std::uint32_t most_added = std::uint32_t{1} << 29;
constexpr int mantissa_bits = 53, lowest_exponent = -1074;

}  // namespace

/// A number as magnitude * 2^exponent.
struct ExactReal::Parts {
  explicit Parts(const json::Number& number) {
    if (number.integer) {
      negative = number.i < 0;
      magnitude = negative ? 0 - static_cast<std::uint64_t>(number.i) : static_cast<std::uint64_t>(number.i);
      return;
    }
    const std::uint64_t raw = std::bit_cast<std::uint64_t>(number.d);
    negative = raw >> 63 != 0;
    const auto scale = static_cast<int>(raw >> (mantissa_bits - 1) & 0x7FF);
    magnitude = raw & ((std::uint64_t{1} << (mantissa_bits - 1)) - 1);
    if (scale != 0) magnitude |= std::uint64_t{1} << (mantissa_bits - 1);
    exponent = lowest_exponent + std::max(scale, 1) - 1;
  }
  std::uint64_t magnitude = 0;
  int exponent = 0;
  bool negative = false;
};

void ExactReal::add(const json::Number& number) {
  const Parts parts(number);
  add(parts.magnitude, parts.exponent, parts.negative);
}

void ExactReal::add_square(const json::Number& number) {
  const Parts parts(number);
  add(Magnitude{parts.magnitude} * parts.magnitude, 2 * parts.exponent, false);
}

void ExactReal::add(__int128 integer) {
  const bool negative = integer < 0;
  const auto bits = static_cast<Magnitude>(integer);
  add(negative ? 0 - bits : bits, 0, negative);
}

void ExactReal::add(Magnitude magnitude, int exponent, bool negative) {
  if (magnitude == 0) return;
  const int place = exponent >= 0 ? exponent / digit_bits : -((digit_bits - 1 - exponent) / digit_bits);
  int shift = exponent - place * digit_bits;
  const int width = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(magnitude >> 64)));
  const int bits =
      (width != 0 ? 64 + width : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(magnitude)))) +
      shift;
  cover(place, place + (bits + digit_bits - 1) / digit_bits);
  for (auto digit = digits_.begin() + (place - low_); magnitude != 0; ++digit) {
    const auto part = static_cast<std::int64_t>(static_cast<std::uint32_t>(magnitude << shift));
    *digit += negative ? -part : part;
    magnitude >>= digit_bits - shift;
    shift = 0;
  }
  if (++added_ >= most_added) carry();
}

void ExactReal::cover(int from, int to) {
  if (digits_.empty()) low_ = from;
  if (from < low_) {
    digits_.insert(digits_.begin(), static_cast<std::size_t>(low_ - from), 0);
    low_ = from;
  }
  const auto size = static_cast<std::size_t>(to - low_);
  if (size > digits_.size()) digits_.resize(size);
}

void ExactReal::carry() {
  if (digits_.empty()) return;
  std::int64_t over = 0;
  for (std::int64_t& digit : digits_) {
    digit += over;
    over = digit >> digit_bits;
    digit &= 0xFFFFFFFF;
  }
  if (over == -1 && (digits_.back() >> (digit_bits - 1)) != 0)
    digits_.back() -= std::int64_t{1} << digit_bits;
  else if (over != 0)
    digits_.push_back(over);
  added_ = 1;
}

void ExactReal::merge(const ExactReal& other, bool negative) {
  if (other.digits_.empty()) return;
  cover(other.low_, other.low_ + static_cast<int>(other.digits_.size()));
  for (std::size_t i = 0; i < other.digits_.size(); ++i) {
    std::int64_t& digit = digits_[i + static_cast<std::size_t>(other.low_ - low_)];
    digit += negative ? -other.digits_[i] : other.digits_[i];
  }
  added_ += other.added_;
  if (added_ >= most_added) carry();
}

ExactReal ExactReal::magnitude(bool& negative) const {
  ExactReal made = *this;
  made.carry();
  negative = !made.digits_.empty() && made.digits_.back() < 0;
  if (negative) {
    for (std::int64_t& digit : made.digits_) digit = -digit;
    made.carry();
  }
  while (!made.digits_.empty() && made.digits_.back() == 0) made.digits_.pop_back();
  return made;
}

ExactReal ExactReal::squared() const {
  bool negative = false;
  const ExactReal of = magnitude(negative);
  ExactReal made;
  const auto size = static_cast<int>(of.digits_.size());
  for (int i = 0; i < size; ++i)
    for (int k = 0; k < size; ++k)
      made.add(Magnitude(of.digits_[static_cast<std::size_t>(i)]) *
                   Magnitude(of.digits_[static_cast<std::size_t>(k)]),
               digit_bits * (2 * of.low_ + i + k), false);
  return made;
}

ExactReal ExactReal::times(std::uint64_t factor) const {
  bool negative = false;
  const ExactReal of = magnitude(negative);
  ExactReal made;
  for (std::size_t i = 0; i < of.digits_.size(); ++i)
    made.add(Magnitude(of.digits_[i]) * factor, digit_bits * (of.low_ + static_cast<int>(i)), negative);
  return made;
}

// The 128 places from the highest digit on, and whether anything lies below, decide how it is rounded.
std::pair<double, int> ExactReal::rounded(int lowest) const {
  bool negative = false;
  const ExactReal of = magnitude(negative);
  const auto size = static_cast<int>(of.digits_.size());
  if (size == 0) return {0, 0};
  constexpr int taken = 4;
  Magnitude top = 0;
  for (int i = size - 1; i >= size - taken; --i)
    top = top << digit_bits | (i >= 0 ? Magnitude(of.digits_[static_cast<std::size_t>(i)]) : 0);
  bool rest = false;
  for (int i = 0; i < size - taken; ++i) rest |= of.digits_[static_cast<std::size_t>(i)] != 0;
  const int exponent = digit_bits * (of.low_ + size - taken);
  const int width = 64 + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(top >> 64)));
  const int cut = std::max(width - mantissa_bits, lowest - exponent);
  if (cut > width) return {0, 0};  // less than half of the smallest double
  Magnitude mantissa = cut >= 128 ? 0 : top >> cut;
  const Magnitude half = Magnitude{1} << (cut - 1), left = top & (half | (half - 1));
  if (left > half || (left == half && (rest || (mantissa & 1) != 0))) ++mantissa;
  int scale = 0;
  const double found = std::frexp(static_cast<double>(static_cast<std::uint64_t>(mantissa)), &scale);
  return {negative ? -found : found, scale + cut + exponent};
}

double ExactReal::value() const {
  const auto [mantissa, exponent] = rounded(lowest_exponent);
  return std::ldexp(mantissa, exponent);
}

}  // namespace sz
