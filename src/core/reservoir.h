#pragma once

#include <cstdint>
#include <optional>

#include "core/hash.h"

namespace sz {

/// Which of K places the next thing takes, so that each of the n that came so far holds one with the same
/// chance K/n: algorithm R (Vitter, "Random Sampling with a Reservoir", 1985). Chance is a hash of the seed
/// and n, so the same things always give the same sample.
class Reservoir {
 public:
  explicit Reservoir(std::uint64_t seed) : seed_(seed) {}

  /// The place from 0, free as long as fewer than `places` came before; nothing if it is not taken.
  std::optional<std::uint64_t> next(std::uint64_t places) {
    const std::uint64_t before = came_++;
    if (before < places) return before;
    // A number in [0, came_): the high half of a product (Lemire 2019), its bias is under came_ / 2^64.
    const auto wide = static_cast<unsigned __int128>(seeded_hash(came_, seed_)) * came_;
    const auto place = static_cast<std::uint64_t>(wide >> 64);
    if (place < places) return place;
    return std::nullopt;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t came_ = 0;
};

}  // namespace sz
