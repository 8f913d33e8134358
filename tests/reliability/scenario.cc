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
  return !event_time && std::ranges::any_of(steps, [](const Step& s) {
    return s.span || s.wrap || s.stage == "throttle" || s.stage == "window";
  });
}

bool Scenario::loose() const {
  return std::ranges::any_of(steps,
                             [](const Step& s) { return s.unordered || (s.stage == "outside" && s.span); });
}

Answer answer_to(std::uint64_t seed, std::string_view text, bool keeps) {
  using enum Answer::What;
  std::uint64_t hash = seed ^ 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  Random random(hash);
  constexpr Ns delays[] = {50 * millisecond, 100 * millisecond, 500 * millisecond, second, 3 * second};
  constexpr Ns as_good_as_never = 1000 * second;
  constexpr Answer::What others[] = {none, none, two,    two,       garbage, no,
                                     no,   bad,  killed, unstarted, gone,    gone};
  Answer answer{.delay = random.percent(2) ? as_good_as_never : random.of(delays)};
  if (random.percent(30)) answer.what = random.of(others);
  if (keeps && answer.what != none && answer.what != garbage && answer.what != gone) answer.what = good;
  answer.refused = keeps && random.percent(10);
  return answer;
}

}  // namespace sz::simulate
