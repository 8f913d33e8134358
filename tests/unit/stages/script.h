#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "stages/driver.h"

namespace sz::stages_test {

/// One made-up line: `{"t":SECONDS,"k":KEY,"n":NUMBER}`; the numbers count from 0.
struct Line {
  std::int64_t ms = 0;  ///< its time
  int key = 0;
  int number = 0;
  std::string text() const {
    return fmt::format(R"({{"t":{}.{:03},"k":{},"n":{}}})", ms / 1000, ms % 1000, key, number);
  }
};

inline constexpr std::int64_t ns_per_ms = 1'000'000;
inline Time at_ms(std::int64_t ms) { return Time::from_ns(Time::Wide{ms} * ns_per_ms); }

/// Seeded: a failure names the seed and comes again.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// 0 <= result < n.
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

  /// Lines in order of time, several at the same instant, on a grid of `grid` ms, with `keys` keys.
  std::vector<Line> lines(int count, int keys, int grid) {
    std::vector<Line> all;
    std::int64_t ms = 0;
    for (int i = 0; i < count; ++i) {
      if (chance(70)) ms += grid * below(chance(5) ? 200 : 8);
      all.push_back({.ms = ms, .key = below(keys), .number = i});
    }
    return all;
  }

 private:
  std::mt19937_64 engine_;
};

/// How many seeds to try: `usual`, times SZ_SEEDS from the environment for a long run.
inline std::uint64_t seeds(std::uint64_t usual) {
  const char* const times = std::getenv("SZ_SEEDS");
  return usual * (times != nullptr ? std::strtoull(times, nullptr, 10) : 1);
}

/// All that comes of `lines` when they arrive at their times.
inline std::vector<Event> live(std::string_view pipeline, const std::vector<Line>& lines) {
  const std::unique_ptr<Driver> driver = drive(pipeline);
  for (const Line& line : lines) {
    driver->at(at_ms(line.ms));
    driver->push(line.text());
  }
  driver->end();
  return driver->take_events();
}

/// The same out of a recording: at once, under --time.
inline std::vector<Event> replayed(std::string_view pipeline, const std::vector<Line>& lines) {
  const std::unique_ptr<Driver> driver = drive(fmt::format("--time .t {}", pipeline));
  for (const Line& line : lines) driver->push(line.text());
  driver->end();
  return driver->take_events();
}

inline std::vector<std::string> outputs(const std::vector<Event>& events) {
  std::vector<std::string> out;
  for (const Event& event : events)
    if (event.kind == Event::Kind::out) out.push_back(event.text);
  return out;
}

}  // namespace sz::stages_test
