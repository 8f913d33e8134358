#include "core/hash.h"

#include <cstring>
#include <random>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sz {

Secret::Secret() : bytes_{} {
  std::random_device source;
  for (std::size_t i = 0; i < bytes_.size(); i += sizeof(std::uint32_t)) {
    const std::uint32_t word = source();
    std::memcpy(bytes_.data() + i, &word, sizeof word);
  }
}

std::uint64_t Secret::hash(std::string_view text) const {
  return XXH3_64bits_withSecret(text.data(), text.size(), bytes_.data(), bytes_.size());
}

std::uint64_t seeded_hash(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::uint64_t seeded_hash(std::uint64_t number, std::uint64_t seed) {
  std::array<char, sizeof number> bytes;
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xFF);
    number >>= 8;
  }
  return seeded_hash(std::string_view(bytes.data(), bytes.size()), seed);
}

}  // namespace sz
