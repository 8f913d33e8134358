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

}  // namespace sz
