#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/script.h"

namespace sz::stages_test {
namespace {

std::string stage(Random& random) {
  const auto ms = [&] { return 1 + random.below(50); };
  switch (random.below(12)) {
    case 0:
      return fmt::format("batch --every {}ms --wrap", ms());
    case 1:
      return fmt::format("batch --every {}ms --size {} --by 'tojson | length % 3'", ms(),
                         1 + random.below(5));
    case 2:
      return fmt::format("dedupe --ttl {}ms --by 'tojson | length % 3'{}", ms(),
                         random.chance(50) ? " --refresh" : "");
    case 3:
      return fmt::format("dedupe --ttl {}ms --keep last --by 'tojson | length % 3'{}", ms(),
                         random.chance(50) ? " --adjacent" : "");
    case 4:
      return fmt::format("throttle --rate {}/s --burst {} --mode drop", 1 + random.below(100),
                         1 + random.below(3));
    case 5:
      return fmt::format("skip --for {}ms", ms());
    case 6:
      return fmt::format("take --for {}ms", 20 * ms());
    case 7:
      return fmt::format("debounce --quiet {}ms --by 'tojson | length % 3'{}", ms(),
                         random.chance(50) ? fmt::format(" --max-wait {}ms", ms()) : "");
    case 8:
      return fmt::format("debounce --quiet {}ms --leading{}", ms(),
                         random.chance(50) ? " --no-trailing" : "");
    case 9:
      return fmt::format("sample --per {}ms --by 'tojson | length % 3'", ms());
    case 10:
      return fmt::format("monitor --every {}ms --to m", ms());
    default:
      return "flatten 'if type == \"array\" then . else [.] end'";
  }
}

/// What monitors said, each in its order.
std::vector<std::string> side_lines(const std::vector<Event>& events) {
  std::vector<std::string> lines;
  for (const Event& event : events)
    if (event.kind == Event::Kind::side) lines.push_back(event.text);
  std::ranges::sort(lines);
  return lines;
}

// A recording gives the bytes that the live run gave, through any chain of timed stages (SPEC 3), also where
// timers of several stages fall due at the same instant (a coarse grid of times).
TEST(Clock, ReplayEqualsLive) {
  for (std::uint64_t seed = 1; seed <= seeds(800); ++seed) {
    Random random(seed);
    std::string words = stage(random);
    for (int more = 1 + random.below(3); more > 0; --more) words += " then " + stage(random);
    const std::vector<Line> lines = random.lines(60, 5, random.one_of<int>({1, 3, 10}));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    const std::vector<Event> first = live(words, lines), second = replayed(words, lines);
    ASSERT_EQ(outputs(first), outputs(second));
    // A take that ends by a timer stops the reading; a replay sees that it is over at the next record only.
    if (words.find("take --for") == std::string::npos) {
      ASSERT_EQ(side_lines(first), side_lines(second));
    }
  }
}

// Under --time a stage that paces the wall holds the stream's clock back with what waits in it: how fast the
// wall went does not show behind it.
TEST(Clock, PacingDoesNotShow) {
  for (std::uint64_t seed = 1; seed <= seeds(400); ++seed) {
    Random random(seed);
    const std::string front = stage(random), back = stage(random);
    const std::vector<Line> lines = random.lines(40, 5, random.one_of<int>({1, 3, 10}));
    const auto paced = [&](const std::string& rate) {
      return front + " then throttle --rate " + rate + " then " + back;
    };
    const std::string slow = paced(fmt::format("{}/s --burst {}", 1 + random.below(20), 1 + random.below(3)));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, slow));
    const std::vector<std::string> expected = outputs(replayed(paced("1000000/s"), lines));
    ASSERT_EQ(expected, outputs(replayed(slow, lines)));
    const auto driver = drive("--time .t " + slow);
    std::int64_t ms = 0;
    for (const Line& line : lines) {
      driver->at(at_ms(ms += random.below(300)));
      driver->push(line.text());
    }
    driver->end();
    ASSERT_EQ(expected, driver->take_out());
  }
}

// Under --time the wall means nothing to stages on the stream's clock.
TEST(Clock, TheWallDoesNotShow) {
  for (std::uint64_t seed = 1; seed <= seeds(300); ++seed) {
    Random random(seed);
    std::string words = stage(random) + " then " + stage(random);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    const std::vector<Line> lines = random.lines(40, 5, 3);
    const auto driver = drive("--time .t " + words);
    for (const Line& line : lines) {
      driver->jump(at_ms(random.below(1'000'000)));
      driver->push(line.text());
    }
    driver->end();
    ASSERT_EQ(outputs(replayed(words, lines)), driver->take_out());
  }
}

}  // namespace
}  // namespace sz::stages_test
