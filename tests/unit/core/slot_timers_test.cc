#include "core/slot_timers.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

Time at(std::int64_t ns) { return Time::from_ns(ns); }

TEST(SlotTimers, FireInOrder) {
  SlotTimers timers;
  EXPECT_EQ(timers.due(), never);
  timers.set(3, at(10));
  timers.set(1, at(20));
  EXPECT_EQ(timers.due(), at(10));
  EXPECT_EQ(timers.take(), 3u);
  EXPECT_EQ(timers.take(), 1u);
  EXPECT_EQ(timers.due(), never);
}

TEST(SlotTimers, SettingAgainReplaces) {
  SlotTimers timers;
  timers.set(1, at(10));
  timers.set(2, at(15));
  timers.set(1, at(20));
  EXPECT_EQ(timers.take(), 2u);
  EXPECT_EQ(timers.due(), at(20));
  timers.cancel(1);
  timers.cancel(7);
  EXPECT_EQ(timers.due(), never);
}

// One quiet slot in front must not keep the timers of busy ones.
TEST(SlotTimers, StaySmallBehindAQuietSlot) {
  SlotTimers timers;
  timers.set(0, at(1));
  for (std::int64_t i = 2; i < 100'000; ++i) {
    timers.set(1, at(i));
    if (i % 2 == 0) timers.cancel(1);
  }
  EXPECT_EQ(timers.take(), 0u);
  EXPECT_EQ(timers.due(), at(99'999));
}

}  // namespace
}  // namespace sz
