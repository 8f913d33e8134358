#include "core/retry_schedule.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace sz {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

RetrySchedule schedule(RetrySchedule::Jitter jitter, std::uint64_t seed = 1) {
  return {{.attempts = 9, .delay = ms(100), .max_delay = ms(1000), .factor = 2, .jitter = jitter}, seed};
}

TEST(RetrySchedule, GrowsToItsLargest) {
  RetrySchedule s = schedule(RetrySchedule::Jitter::none);
  std::vector<std::int64_t> waits;
  for (std::uint64_t tried = 1; tried <= 6; ++tried) waits.push_back(s.wait(tried).ns / 1'000'000);
  EXPECT_EQ(waits, (std::vector<std::int64_t>{100, 200, 400, 800, 1000, 1000}));
  EXPECT_EQ(s.wait(1'000'000'000), ms(1000)) << "beyond what a double can hold";
}

TEST(RetrySchedule, NoDelayIsNoDelay) {
  RetrySchedule s({.attempts = 3, .delay = {}, .max_delay = ms(5)}, 1);
  for (const std::uint64_t tried : {1U, 2U, 1'000'000'000U}) EXPECT_EQ(s.wait(tried), Duration{});
}

TEST(RetrySchedule, FullJitterIsAnythingUpToTheDelay) {
  RetrySchedule s = schedule(RetrySchedule::Jitter::full);
  Duration least = ms(1000), most{};
  for (int i = 0; i < 1000; ++i) {
    const Duration wait = s.wait(2);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, ms(5));
  EXPECT_GT(most, ms(195));
  EXPECT_LE(most, ms(200));
}

TEST(RetrySchedule, EqualJitterIsAtLeastHalf) {
  RetrySchedule s = schedule(RetrySchedule::Jitter::equal);
  Duration least = ms(1000), most{};
  for (int i = 0; i < 1000; ++i) {
    const Duration wait = s.wait(2);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, ms(100));
  EXPECT_LT(least, ms(105));
  EXPECT_GT(most, ms(195));
  EXPECT_LE(most, ms(200));
}

TEST(RetrySchedule, TheSeedDecides) {
  RetrySchedule a = schedule(RetrySchedule::Jitter::full, 7), b = schedule(RetrySchedule::Jitter::full, 7),
                c = schedule(RetrySchedule::Jitter::full, 8);
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const Duration wait = a.wait(1);
    EXPECT_EQ(wait, b.wait(1));
    differs |= wait != c.wait(1);
  }
  EXPECT_TRUE(differs);
}

TEST(RetryBudget, IsAShareOfTheRecordsAndAReserve) {
  RetryBudget budget(0.25);
  int taken = 0;
  while (budget.take()) ++taken;
  EXPECT_EQ(taken, 10);
  for (int i = 0; i < 8; ++i) budget.record();
  for (taken = 0; budget.take();) ++taken;
  EXPECT_EQ(taken, 2);
  for (int i = 0; i < 1000; ++i) budget.record();
  for (taken = 0; budget.take();) ++taken;
  EXPECT_EQ(taken, 20) << "no more than that is saved up";
}

}  // namespace
}  // namespace sz
