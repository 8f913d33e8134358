#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sz {

/// A unit of durations and rates.
struct TimeUnit {
  std::string_view name;
  std::int64_t ns;
};

/// All of them, the largest first.
inline constexpr std::array<TimeUnit, 8> time_units = {{{"w", 604'800'000'000'000},
                                                        {"d", 86'400'000'000'000},
                                                        {"h", 3'600'000'000'000},
                                                        {"m", 60'000'000'000},
                                                        {"s", 1'000'000'000},
                                                        {"ms", 1'000'000},
                                                        {"us", 1'000},
                                                        {"ns", 1}}};

/// nullptr if there is no such unit.
constexpr const TimeUnit* time_unit(std::string_view name) {
  for (const TimeUnit& unit : time_units)
    if (unit.name == name) return &unit;
  return nullptr;
}

}  // namespace sz
