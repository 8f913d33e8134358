#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// libFuzzer's entry: each program here feeds the input to one reader and stops hard where a promise is
/// broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace sz::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A broken promise is a crash.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sz::fuzz
