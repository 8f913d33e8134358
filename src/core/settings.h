#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace sz {

/// A variable that every expression knows: --arg, --argjson.
struct NamedValue {
  std::string name;  ///< without the $
  std::string json;  ///< one valid value
};

/// The globals that stages ask for when they are built.
struct Settings {
  bool event_time = false;                         ///< --time was given
  Duration lateness;                               ///< --lateness: windows close so long after their end
  std::uint64_t max_keys = 1'000'000;              ///< --max-keys; 0 is no limit
  std::size_t max_value = std::size_t{256} << 20;  ///< --max-value, bytes one expression may build
  std::uint64_t seed = 0;                          ///< --seed: what is random in the output comes of it
  bool seeded = false;                             ///< --seed was given: jitter comes of it too
  std::uint64_t max_steps = 100'000'000;           ///< --max-steps of one expression on one record
  std::vector<NamedValue> named;                   ///< --arg, --argjson; of equal names the first counts
  std::vector<std::string> inputs;            ///< the run's inputs, as Line::source counts them; - is stdin
  std::size_t cores = 1;                      ///< of this machine
  const char* const* environment = nullptr;   ///< the process's, as execve(2) has it; lent; null is empty
  std::function<void(std::string_view)> say;  ///< takes lines for stderr, from any thread; empty: nowhere
  bool raw_output = false;                    ///< -r: strings are written without quotes and escapes
  bool no_exec = false;                       ///< --no-exec: no stage may run commands
};

}  // namespace sz
