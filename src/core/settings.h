#pragma once

#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace sz {

/// The globals that stages ask for when they are built.
struct Settings {
  bool event_time = false;                         ///< --time was given
  Duration lateness;                               ///< --lateness: windows close so long after their end
  std::uint64_t max_keys = 1'000'000;              ///< --max-keys; 0 is no limit
  std::size_t max_value = std::size_t{256} << 20;  ///< --max-value, bytes one expression may build
  std::uint64_t seed = 0;                          ///< --seed: what is random in the output comes of it
  std::uint64_t max_steps = 100'000'000;           ///< --max-steps of one expression on one record
};

}  // namespace sz
