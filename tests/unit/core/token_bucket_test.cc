#include "core/token_bucket.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

constexpr Duration second{1'000'000'000};
constexpr Time start = Time::from_ns(5);

TEST(TokenBucket, StartsFullAndRefillsContinuously) {
  const BucketRule rule({.events = 10, .per = second}, 2);
  BucketRule::Bucket bucket;
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start));
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start));
  EXPECT_FALSE(rule.take(bucket, rule.price(1), start));
  EXPECT_EQ(rule.when(bucket, rule.price(1)), start + Duration{100'000'000});
  EXPECT_FALSE(rule.take(bucket, rule.price(1), start + Duration{99'999'999}));
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start + Duration{100'000'000}));
}

// With doubles a third of a second, added up, drifts; with integers the thousandth record is as exact as the
// first.
TEST(TokenBucket, DoesNotDrift) {
  const BucketRule rule({.events = 3, .per = second}, 2);
  BucketRule::Bucket bucket;
  ASSERT_TRUE(rule.take(bucket, rule.price(1), start));
  Time now = start;
  for (int i = 1; i <= 3000; ++i) {
    ASSERT_TRUE(rule.take(bucket, rule.price(1), now)) << i;
    ASSERT_FALSE(rule.take(bucket, rule.price(1), now)) << i;
    now = start + Duration{(std::int64_t{i} * second.ns + 2) / 3};
  }
}

TEST(TokenBucket, NeverHoldsMoreThanTheBurst) {
  const BucketRule rule({.events = 1, .per = second}, 3);
  BucketRule::Bucket bucket;
  const Time later = start + Duration{1'000'000 * second.ns};
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start));
  EXPECT_TRUE(rule.take(bucket, rule.price(3), later));
  EXPECT_FALSE(rule.take(bucket, rule.price(0.001), later));
  EXPECT_TRUE(rule.take(bucket, rule.price(0), later));
  EXPECT_FALSE(rule.fits(rule.price(3.5)));
  EXPECT_TRUE(rule.fits(rule.price(3)));
}

TEST(TokenBucket, GoesBackInTimeWithoutHarm) {
  const BucketRule rule({.events = 1, .per = second}, 1);
  BucketRule::Bucket bucket;
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start + second));
  EXPECT_FALSE(rule.take(bucket, rule.price(1), start));
  EXPECT_TRUE(rule.take(bucket, rule.price(1), start + second + second));
}

}  // namespace
}  // namespace sz
