#include "core/exact_real.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace sz {
namespace {

constexpr int digit_bits = 32;
constexpr std::uint32_t most_added = std::uint32_t{1} << 29;
constexpr int mantissa_bits = 53, lowest_exponent = -1074;
constexpr int top_digits = 4;

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
  for (std::int64_t* digit = digits_.get() + (place - low_); magnitude != 0; ++digit) {
    const auto part = static_cast<std::int64_t>(static_cast<std::uint32_t>(magnitude << shift));
    *digit += negative ? -part : part;
    magnitude >>= digit_bits - shift;
    shift = 0;
  }
  if (++added_ >= most_added) carry();
}

ExactReal::ExactReal(const ExactReal& other)
    : digits_(other.size_ == 0 ? nullptr : std::make_unique_for_overwrite<std::int64_t[]>(other.size_)),
      low_(other.low_),
      size_(other.size_),
      added_(other.added_) {
  std::ranges::copy(other.digits(), digits_.get());
}

void ExactReal::cover(int from, int to) {
  const int end = low_ + size_;
  if (size_ != 0 && from >= low_ && to <= end) return;
  const int first = size_ == 0 ? from : std::min<int>(from, low_);
  const int last = size_ == 0 ? to : std::max(to, end);
  auto wider = std::make_unique<std::int64_t[]>(static_cast<std::size_t>(last - first));
  std::ranges::copy(digits(), wider.get() + (size_ == 0 ? 0 : low_ - first));
  digits_ = std::move(wider);
  low_ = static_cast<std::int16_t>(first);
  size_ = static_cast<std::uint16_t>(last - first);
}

void ExactReal::carry() {
  if (size_ == 0) return;
  std::int64_t over = 0;
  for (std::int64_t& digit : digits()) {
    digit += over;
    over = digit >> digit_bits;
    digit &= 0xFFFFFFFF;
  }
  if (over == -1 && (digits().back() >> (digit_bits - 1)) != 0) {
    digits().back() -= std::int64_t{1} << digit_bits;
  } else if (over != 0) {
    cover(low_, low_ + size_ + 1);
    digits().back() = over;
  }
  added_ = 1;
}

void ExactReal::merge(const ExactReal& other, bool negative) {
  if (other.size_ == 0) return;
  cover(other.low_, other.low_ + other.size_);
  std::int64_t* mine = digits_.get() + (other.low_ - low_);
  for (const std::int64_t digit : other.digits()) *mine++ += negative ? -digit : digit;
  added_ += other.added_;
  if (added_ >= most_added) carry();
}

ExactReal ExactReal::magnitude(bool& negative) const {
  ExactReal made(*this);
  made.carry();
  negative = made.size_ != 0 && made.digits().back() < 0;
  if (negative) {
    for (std::int64_t& digit : made.digits()) digit = -digit;
    made.carry();
  }
  while (made.size_ != 0 && made.digits().back() == 0) --made.size_;
  return made;
}

ExactReal ExactReal::squared() const {
  bool negative = false;
  const ExactReal of = magnitude(negative);
  ExactReal made;
  const int size = of.size_;
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
  for (int i = 0; i < of.size_; ++i)
    made.add(Magnitude(of.digits_[static_cast<std::size_t>(i)]) * factor, digit_bits * (of.low_ + i),
             negative);
  return made;
}

// A last digit stands for all that is cut off: no bound between two doubles, nor the square of one, lies
// between that and the truth, since those have fewer places than are kept; nor after one more division.
ExactReal ExactReal::over(std::uint64_t divisor) const {
  constexpr int kept = 8, more = kept + 1;  // digits below the lowest
  bool negative = false;
  const ExactReal of = magnitude(negative);
  ExactReal made;
  if (of.size_ == 0) return made;
  made.cover(of.low_ - more, of.low_ + of.size_);
  Magnitude left = 0;
  for (int i = made.size_ - 1; i > 0; --i) {
    left = left << digit_bits | (i >= more ? Magnitude(of.digits_[static_cast<std::size_t>(i - more)]) : 0);
    const auto digit = static_cast<std::int64_t>(left / divisor);
    made.digits_[static_cast<std::size_t>(i)] = negative ? -digit : digit;
    left %= divisor;
  }
  if (left != 0) made.digits_[0] = negative ? -1 : 1;
  made.added_ = 1;
  return made;
}

ExactReal::Magnitude ExactReal::top(bool& rest) const {
  Magnitude top = 0;
  for (int i = size_ - 1; i >= size_ - top_digits; --i)
    top = top << digit_bits | (i >= 0 ? Magnitude(digits_[static_cast<std::size_t>(i)]) : 0);
  rest = false;
  for (int i = 0; i < size_ - top_digits; ++i) rest |= digits_[static_cast<std::size_t>(i)] != 0;
  return top;
}

int ExactReal::top_exponent() const { return digit_bits * (low_ + size_ - top_digits); }

double ExactReal::value() const {
  bool negative = false, rest = false;
  const ExactReal of = magnitude(negative);
  if (of.size_ == 0) return 0;
  const Magnitude top = of.top(rest);
  const int exponent = of.top_exponent();
  const int width = 64 + static_cast<int>(std::bit_width(static_cast<std::uint64_t>(top >> 64)));
  const int cut = std::max(width - mantissa_bits, lowest_exponent - exponent);
  if (cut > width) return 0;  // less than half of the smallest double
  Magnitude mantissa = cut >= 128 ? 0 : top >> cut;
  const Magnitude half = Magnitude{1} << (cut - 1), left = top & (half | (half - 1));
  if (left > half || (left == half && (rest || (mantissa & 1) != 0))) ++mantissa;
  const double found = std::ldexp(static_cast<double>(static_cast<std::uint64_t>(mantissa)), cut + exponent);
  return negative ? -found : found;
}

// The integer root of 127 or 128 places has 64: enough to round it, with what is left below.
double ExactReal::root() const {
  bool negative = false, rest = false;
  ExactReal of = magnitude(negative);
  if (of.size_ == 0) return 0;
  const int shift =
      (digit_bits - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(of.digits().back())))) & ~1;
  of = of.times(std::uint64_t{1} << shift).magnitude(negative);
  const Magnitude top = of.top(rest);
  constexpr std::uint64_t most = ~std::uint64_t{0};
  const double near = std::sqrt(static_cast<double>(top));
  Magnitude root = near >= 0x1p64 ? most : static_cast<std::uint64_t>(near);
  root = std::min<Magnitude>((root + top / root) / 2, most);
  while (root * root > top) --root;
  while (root < most && top - root * root > 2 * root) ++root;
  const int exponent = (of.top_exponent() - shift) / 2;
  ExactReal made;
  made.add(root, exponent, false);
  if (rest || root * root != top) made.add(Magnitude{1}, exponent - digit_bits, false);
  return made.value();
}

}  // namespace sz
