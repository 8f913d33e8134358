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

}  // namespace sz
