#include "core/distinct_count.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sz {
namespace {

std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

}  // namespace

void DistinctCount::add(std::string_view text, std::uint64_t number) {
  if (sketch_) return sketch_->add(hash(text, seed_));
  exact_.add(text, text, number);
  estimate_if_many();
}

void DistinctCount::merge(const DistinctCount& other) {
  if (!sketch_ && !other.sketch_) {
    exact_.merge(other.exact_);
    return estimate_if_many();
  }
  if (!sketch_) {
    sketch_ = std::make_unique<HyperLogLog>();
    exact_.each([this](std::string_view text) { sketch_->add(hash(text, seed_)); });
    exact_.clear();
  }
  if (other.sketch_) return sketch_->merge(*other.sketch_);
  other.exact_.each([this](std::string_view text) { sketch_->add(hash(text, seed_)); });
}

void DistinctCount::estimate_if_many() {
  if (exact_.size() <= most) return;
  sketch_ = std::make_unique<HyperLogLog>();
  exact_.each([this](std::string_view text) { sketch_->add(hash(text, seed_)); });
  exact_.clear();
}

}  // namespace sz
