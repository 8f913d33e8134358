#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sz {

/// A random key for XXH3, so that nobody who writes records can choose keys that collide. It must never show
/// in output.
class Secret {
 public:
  Secret();  ///< from the system's random source
  std::uint64_t hash(std::string_view text) const;

 private:
  std::array<unsigned char, 192> bytes_;
};

/// A hash that everyone computes the same: XXH3, 64 bits, of `text` with `seed`. For what the output shows,
/// such as which keys are picked.
std::uint64_t seeded_hash(std::string_view text, std::uint64_t seed);
/// The same of the eight bytes of `number`, the least significant first.
std::uint64_t seeded_hash(std::uint64_t number, std::uint64_t seed);

}  // namespace sz
