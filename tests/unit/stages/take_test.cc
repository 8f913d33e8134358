#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/script.h"

namespace sz::stages_test {
namespace {

std::string bound(Random& random) {
  std::string words;
  switch (random.below(4)) {
    case 0:
      words = fmt::format("{}", random.below(40));
      break;
    case 1:
      words = fmt::format("--while '.n % {} != {}'", 2 + random.below(20), random.below(10));
      break;
    case 2:
      words = fmt::format("--for {}ms", 1 + random.below(200));
      break;
    default:
      return fmt::format("--last {}", random.below(40));
  }
  return words + (random.chance(40) ? " --by .k" : "");
}

// take and skip with the same bound part the stream: each record is in one of them, in order.
TEST(TakeAndSkip, PartTheStream) {
  for (std::uint64_t seed = 1; seed <= seeds(400); ++seed) {
    Random random(seed);
    const std::string words = bound(random);
    const std::vector<Line> lines = random.lines(30, 3, 1 + random.below(10));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    std::vector<std::string> all;
    for (const Line& line : lines) all.push_back(line.text());
    std::ranges::sort(all);
    for (const bool recorded : {false, true}) {
      const auto run = recorded ? replayed : live;
      const std::vector<std::string> taken = outputs(run("take " + words, lines));
      const std::vector<std::string> skipped = outputs(run("skip " + words, lines));
      const auto in_order = [&](const std::vector<std::string>& some) {
        std::size_t at = 0;
        for (const Line& line : lines) at += at < some.size() && some[at] == line.text() ? 1u : 0u;
        return at == some.size();
      };
      EXPECT_TRUE(in_order(taken));
      EXPECT_TRUE(in_order(skipped));
      std::vector<std::string> both = taken;
      both.insert(both.end(), skipped.begin(), skipped.end());
      std::ranges::sort(both);
      ASSERT_EQ(all, both);
    }
  }
}

TEST(Take, StopsAtOnceAndNotBefore) {
  for (int n = 1; n <= 5; ++n) {
    const auto driver = drive(fmt::format("take {}", n));
    for (int i = 1; i <= n; ++i) {
      EXPECT_TRUE(driver->reading());
      driver->push("1");
    }
    EXPECT_FALSE(driver->reading());
    EXPECT_TRUE(driver->ended());
  }
}

}  // namespace
}  // namespace sz::stages_test
