#include "scenario.h"

#include <algorithm>

#include "random.h"

namespace sz::simulate {

std::string InputFile::bytes() const {
  std::string all = byte_order_mark ? "\xEF\xBB\xBF" : "";
  for (const InputLine& line : lines) (all += line.bytes) += '\n';
  if (!newline_at_end && !lines.empty()) all.pop_back();
  return all;
}

std::vector<std::string> Scenario::words(int threads) const {
  std::vector<std::string> all = {"-j", std::to_string(threads)};
  all.insert(all.end(), globals.begin(), globals.end());
  for (const Step& step : steps) {
    if (&step != &steps.front()) all.emplace_back("then");
    all.insert(all.end(), step.words.begin(), step.words.end());
  }
  return all;
}

bool Scenario::has(std::string_view stage) const {
  return std::ranges::any_of(steps, [&](const Step& s) { return s.stage == stage; });
}

bool Scenario::waits() const {
  return std::ranges::any_of(steps, [](const Step& s) {
    return s.stage == "outside" || (s.stage == "throttle" && s.mode == "wait");
  });
}

bool Scenario::wall_timed() const {
  if (waits()) return true;
  if (idle) return true;
  return !event_time &&
         std::ranges::any_of(steps, [](const Step& s) { return s.span || s.wrap || s.stage == "throttle"; });
}

bool Scenario::loose() const {
  return std::ranges::any_of(steps,
                             [](const Step& s) { return s.unordered || (s.stage == "outside" && s.span); });
}

Answer answer_to(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = seed ^ 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  Random random(hash);
  constexpr Ns delays[] = {50 * millisecond, 100 * millisecond, 500 * millisecond, second, 3 * second};
  return {.delay = random.of(delays), .good = !random.percent(12)};
}

}  // namespace sz::simulate
