#include "run/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace sz::run {
namespace {

constexpr Duration second{1'000'000'000};

Time at(int seconds) { return Time::from_ns(Time::Wide{1'000'000'000} * seconds); }

TEST(Progress, FirstRatesAreThoseSinceTheStart) {
  Progress progress(-1, at(10), std::nullopt);
  EXPECT_EQ(progress.line(at(12), {.records = 2400, .bytes = 1'000'000, .failed = 0}, 80),
            "2.40k records, 1.00MB, 1.20k/s, 500kB/s");
}

TEST(Progress, LaterRatesFollowSlowly) {
  Progress progress(-1, at(0), std::nullopt);
  progress.line(at(1), {.records = 1000, .bytes = 0, .failed = 0}, 80);
  EXPECT_EQ(progress.line(at(2), {.records = 1000, .bytes = 0, .failed = 0}, 80),
            "1.00k records, 0B, 700/s, 0B/s");
}

TEST(Progress, ShareOfTheInputsAndFailures) {
  Progress progress(-1, at(0), 2'000'000);
  EXPECT_EQ(progress.line(at(1), {.records = 5, .bytes = 500'000, .failed = 2}, 80),
            "5 records, 500kB, 5/s, 500kB/s, 25%, 2 failed");
  EXPECT_EQ(progress.line(at(1), {.records = 5, .bytes = 3'000'000, .failed = 0}, 80),
            "5 records, 3.00MB, 5/s, 500kB/s, 100%");
}

TEST(Progress, NoWiderThanTheTerminal) {
  Progress progress(-1, at(0), std::nullopt);
  EXPECT_EQ(progress.line(at(1), {.records = 5, .bytes = 5, .failed = 0}, 9), "5 records");
}

TEST(Progress, IsDueAfterASecondAndThenFiveTimesASecond) {
  Progress progress(-1, at(5), std::nullopt);
  EXPECT_EQ(progress.due(), at(5) + second);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Progress drawn(nowhere, at(5), std::nullopt);
  drawn.draw(at(6), {});
  EXPECT_EQ(drawn.due(), at(6) + Duration{second.ns / 5});
  drawn.erase();
  ::close(nowhere);
}

TEST(Progress, TheSizeOfAllInputsIsKnownIfAllAreFiles) {
  EXPECT_EQ(total_size({"/dev/null"}), std::nullopt);
  EXPECT_EQ(total_size({"/nonexistent"}), std::nullopt);
  EXPECT_EQ(total_size({}), 0U);
}

}  // namespace
}  // namespace sz::run
