#include <cmath>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "core/exact_sum.h"
#include "core/moments.h"
#include "core/moving_average.h"

namespace sz {
namespace {

ExactSum sum_of(std::initializer_list<const char*> numbers) {
  ExactSum sum;
  for (const char* number : numbers) sum.add(json::to_number(number));
  return sum;
}

TEST(ExactSum, IntegersAreExactWhateverLiesBetween) {
  const json::Number total =
      sum_of({"9223372036854775807", "9223372036854775807", "-9223372036854775807", "-1"}).total();
  EXPECT_TRUE(total.integer);
  EXPECT_EQ(std::numeric_limits<std::int64_t>::max() - 1, total.i);
  EXPECT_FALSE(sum_of({"9223372036854775807", "1"}).total().integer);
  EXPECT_EQ(std::numeric_limits<std::int64_t>::min(), sum_of({"-9223372036854775807", "-1"}).total().i);
}

TEST(ExactSum, RealsAreCompensated) {
  EXPECT_EQ(0.6, sum_of({"0.1", "0.2", "0.3"}).total().d);
  EXPECT_EQ(0.2, sum_of({"0.1", "0.2", "0.3"}).mean().d);
  EXPECT_EQ(2.0, sum_of({"1", "1e100", "1", "-1e100"}).total().d);
  EXPECT_EQ(1.5, sum_of({"1", "0.5"}).total().d);
}

TEST(ExactSum, MergingIsAddingUp) {
  ExactSum a = sum_of({"-5", "0.25"});
  a.merge(sum_of({"9223372036854775807", "-9223372036854775807", "7"}));
  EXPECT_EQ(5u, a.count());
  EXPECT_EQ(2.25, a.total().d);
}

TEST(Moments, MergingIsAddingUp) {
  Moments all, left, right;
  for (int i = 0; i < 100; ++i) {
    const double x = 1e9 + (i * 37) % 11;
    all.add(x);
    (i < 30 ? left : right).add(x);
  }
  left.merge(right);
  EXPECT_EQ(100u, left.count());
  EXPECT_NEAR(all.variance(), left.variance(), 1e-7);
}

TEST(MovingAverage, MergingIsGoingOn) {
  MovingAverage all(0.3), left(0.3), right(0.3), none(0.3);
  for (int i = 0; i < 20; ++i) {
    all.add(i * i);
    (i < 7 ? left : right).add(i * i);
  }
  left.merge(none);
  left.merge(right);
  EXPECT_NEAR(all.average(), left.average(), 1e-9);
  none.merge(left);
  EXPECT_NEAR(all.average(), none.average(), 1e-9);
}

}  // namespace
}  // namespace sz
