#include "core/quantile_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sz {
namespace {

constexpr int mantissa_bits = 52;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

}  // namespace

// Negative values have the places below 0, the larger in size the lower, and their buckets run backwards.
QuantileSketch::Place QuantileSketch::place(double value) {
  const std::uint64_t raw = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
  const std::uint64_t size = (raw & ~sign_bit) >> (mantissa_bits - bits);
  const auto exponent = static_cast<std::int32_t>(size >> bits);
  const std::size_t bucket = size & (buckets - 1);
  if ((raw & sign_bit) == 0) return {exponent, bucket};
  return {-1 - exponent, buckets - 1 - bucket};
}

// Halfway between the bucket's bounds.
double QuantileSketch::middle(std::int32_t octave, std::size_t bucket) {
  const bool negative = octave < 0;
  const auto exponent = static_cast<std::uint64_t>(negative ? -1 - octave : octave);
  const std::uint64_t top = exponent << bits | (negative ? buckets - 1 - bucket : bucket);
  if (top == 0) return 0;
  const double size =
      std::bit_cast<double>(top << (mantissa_bits - bits) | std::uint64_t{1} << (mantissa_bits - bits - 1));
  return negative ? -size : size;
}

QuantileSketch::Octave& QuantileSketch::octave(std::int32_t place) {
  if (last_ < octaves_.size() && octaves_[last_].place == place) return octaves_[last_];
  const auto at = std::ranges::lower_bound(octaves_, place, {}, &Octave::place);
  last_ = static_cast<std::size_t>(at - octaves_.begin());
  if (at == octaves_.end() || at->place != place) octaves_.insert(at, Octave{.place = place});
  return octaves_[last_];
}

void QuantileSketch::add(double value, std::uint64_t times) {
  const Place where = place(value);
  Octave& into = octave(where.octave);
  into.counts[where.bucket] += times;
  into.total += times;
  count_ += times;
}

void QuantileSketch::remove(double value) {
  const Place where = place(value);
  Octave& from = octave(where.octave);
  --from.counts[where.bucket];
  --from.total;
  --count_;
}

void QuantileSketch::merge(const QuantileSketch& other) {
  for (const Octave& theirs : other.octaves_) {
    Octave& mine = octave(theirs.place);
    mine.total += theirs.total;
    for (std::size_t i = 0; i < buckets; ++i) mine.counts[i] += theirs.counts[i];
  }
  count_ += other.count_;
}

void QuantileSketch::remove(const QuantileSketch& other) {
  for (const Octave& theirs : other.octaves_) {
    Octave& mine = octave(theirs.place);
    mine.total -= theirs.total;
    for (std::size_t i = 0; i < buckets; ++i) mine.counts[i] -= theirs.counts[i];
  }
  count_ -= other.count_;
}

double QuantileSketch::at(std::uint64_t rank) const {
  for (const Octave& octave : octaves_) {
    if (rank >= octave.total) {
      rank -= octave.total;
      continue;
    }
    for (std::size_t i = 0; i < buckets; ++i) {
      if (rank < octave.counts[i]) return middle(octave.place, i);
      rank -= octave.counts[i];
    }
  }
  return 0;
}

}  // namespace sz
