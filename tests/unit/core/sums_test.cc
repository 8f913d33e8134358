#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/exact_real.h"
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

TEST(ExactSum, RealsAreExact) {
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

json::Number real(double d) { return {.integer = false, .i = 0, .d = d}; }

TEST(ExactSum, NeitherOrderNorGroupsShow) {
  std::mt19937_64 random(1);
  std::vector<json::Number> numbers;
  for (int i = 0; i < 3000; ++i) {
    const double size =
        std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 1900) - 1000);
    numbers.push_back(real(random() % 2 == 0 ? size : -size));
  }
  ExactSum all;
  for (const json::Number& number : numbers) all.add(number);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(numbers, random);
    std::vector<ExactSum> groups(1 + random() % 50);
    for (const json::Number& number : numbers) groups[random() % groups.size()].add(number);
    ExactSum merged;
    for (const ExactSum& group : groups) merged.merge(group);
    EXPECT_EQ(all.total().d, merged.total().d);
    EXPECT_EQ(all.mean().d, merged.mean().d);
  }
}

// Against sums in 128 bits, of multiples of 2^-80.
TEST(ExactReal, IsTheNearestDouble) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 2000; ++round) {
    ExactReal sum;
    __int128 expected = 0;
    for (int i = 0; i < 20; ++i) {
      const auto mantissa = static_cast<std::int64_t>(random() >> 11) - (std::int64_t{1} << 52);
      const int shift = static_cast<int>(random() % 60);
      expected += static_cast<__int128>(mantissa) << shift;
      sum.add(real(std::ldexp(static_cast<double>(mantissa), shift - 80)));
    }
    EXPECT_EQ(std::ldexp(static_cast<double>(expected), -80), sum.value());
  }
}

TEST(ExactReal, EdgesOfTheRange) {
  constexpr double most = std::numeric_limits<double>::max(),
                   least = std::numeric_limits<double>::denorm_min();
  ExactReal sum;
  EXPECT_EQ(0, sum.value());
  sum.add(real(most));
  EXPECT_EQ(most, sum.value());
  sum.add(real(most));
  EXPECT_EQ(std::numeric_limits<double>::infinity(), sum.value());
  sum.add(real(-most));
  sum.add(real(least));
  EXPECT_EQ(most, sum.value());
  sum.add(real(-most));
  EXPECT_EQ(least, sum.value());
  sum.add(real(-least));
  sum.add(real(-least));
  EXPECT_EQ(-least, sum.value());
}

TEST(ExactReal, CarriesBeforeADigitOverflows) {
  ExactReal sum;
  const ExactReal one = [] {
    ExactReal of;
    of.add(real(4294967295.0));
    return of;
  }();
  ExactReal doubled = one;
  for (int i = 0; i < 70; ++i) doubled.merge(ExactReal(doubled));  // 2^70 times
  EXPECT_EQ(std::ldexp(4294967295.0, 70), doubled.value());
  for (int i = 0; i < 70; ++i) sum.subtract(one);
  EXPECT_EQ(-70 * 4294967295.0, sum.value());
}

TEST(ExactReal, SquaresAndMultiplies) {
  ExactReal sum;
  sum.add(real(1e10));
  sum.add(real(-0.5));
  EXPECT_EQ((1e10 - 0.5) * (1e10 - 0.5), sum.squared().value());
  EXPECT_EQ((1e10 - 0.5) * 7, sum.times(7).value());
  ExactReal negative;
  negative.add(real(-3));
  EXPECT_EQ(-21, negative.times(7).value());
  EXPECT_EQ(9, negative.squared().value());
}

TEST(Moments, NeitherOrderNorGroupsShow) {
  std::mt19937_64 random(3);
  std::vector<json::Number> numbers;
  for (int i = 0; i < 500; ++i) numbers.push_back(real(1e9 + static_cast<double>(random() >> 11) / 3e15));
  Moments all;
  for (const json::Number& number : numbers) all.add(number);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(numbers, random);
    Moments left, right;
    for (std::size_t i = 0; i < numbers.size(); ++i) (i < 100 ? left : right).add(numbers[i]);
    left.merge(right);
    EXPECT_EQ(500u, left.count());
    EXPECT_EQ(all.variance(), left.variance());
    EXPECT_EQ(all.deviation(), left.deviation());
  }
}

TEST(Moments, NothingOverflowsOnTheWay) {
  Moments moments;
  for (const double x : {1e308, 1e308, -1e308}) moments.add(real(x));
  EXPECT_EQ(std::numeric_limits<double>::infinity(), moments.variance());
  EXPECT_NEAR(1.1547005383792515e308, moments.deviation(), 1e293);
  Moments same;
  for (int i = 0; i < 3; ++i) same.add(real(0.1));
  EXPECT_EQ(0, same.variance());
  Moments integers;
  for (const std::int64_t i : {9007199254740993, 9007199254740995})
    integers.add({.integer = true, .i = i, .d = static_cast<double>(i)});
  EXPECT_EQ(2, integers.variance());
}

// Expected: what Python's fractions give.
TEST(Moments, AreRoundedOnce) {
  const auto of = [](std::initializer_list<int> numbers) {
    Moments moments;
    for (const int n : numbers)
      moments.add(json::Number{.integer = true, .i = n, .d = static_cast<double>(n)});
    return moments;
  };
  EXPECT_EQ(9.238095238095237, of({5, 2, 6, 0, 1, 8, 1}).variance());
  EXPECT_EQ(10.666666666666666, of({2, 9, 7, 5, 5, 0}).variance());
}

// It is nearest to p / q, or to its root, if neither of the
// bounds halfway to its neighbours lies between.
void expect_nearest(double found, unsigned __int128 p, unsigned __int128 q, bool square) {
  int exponent = 0;
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(found, &exponent), 53));
  exponent -= 53;
  for (const int side : {-1, 1}) {
    ExactReal bound, quotient;
    bound.add(json::Number{.integer = true, .i = static_cast<std::int64_t>(2 * mantissa) + side, .d = 0});
    if (square) bound = bound.squared();
    bound = bound.times(static_cast<std::uint64_t>(q));
    quotient.add(static_cast<__int128>(p));
    for (int i = (square ? 2 : 1) * (exponent - 1); i < 0; ++i) quotient = quotient.times(2);
    for (int i = (square ? 2 : 1) * (exponent - 1); i > 0; --i) bound = bound.times(2);
    bound.subtract(quotient);
    EXPECT_TRUE(side * bound.value() >= 0) << found << (square ? " squared" : "");
  }
}

TEST(ExactReal, QuotientsAndRootsAreTheNearest) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 3000; ++round) {
    const std::uint64_t p = (random() >> (1 + random() % 62)) + 1, a = 1 + (random() >> (33 + random() % 31)),
                        b = 1 + (random() >> (33 + random() % 31));
    ExactReal number;
    number.add(static_cast<__int128>(p));
    const ExactReal quotient = number.over(a).over(b);
    expect_nearest(quotient.value(), p, static_cast<unsigned __int128>(a) * b, false);
    expect_nearest(quotient.root(), p, static_cast<unsigned __int128>(a) * b, true);
    ExactReal negative;
    negative.subtract(number);
    EXPECT_EQ(-quotient.value(), negative.over(a).over(b).value());
  }
  ExactReal square;
  square.add(static_cast<__int128>(~std::uint64_t{0} >> 1));
  EXPECT_EQ(0x1p63, square.squared().root());
  EXPECT_EQ(0, ExactReal().root());
}

TEST(ExactSum, MeansAreRoundedOnce) {
  EXPECT_EQ(13321192362805276.0,
            sum_of({"15919133098387265", "11335551745772264", "12708892244256300"}).mean().d);
  EXPECT_EQ(-13321192362805276.0,
            sum_of({"-15919133098387265", "-11335551745772264", "-12708892244256300"}).mean().d);
  EXPECT_EQ(1e308, sum_of({"1e308", "1e308", "1e308"}).mean().d);
  EXPECT_EQ(5e-324, sum_of({"5e-324", "5e-324", "5e-324"}).mean().d);
  EXPECT_EQ(0.5, sum_of({"0", "1"}).mean().d);
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

TEST(MovingAverage, StaysWithinTheRange) {
  MovingAverage average(0.5);
  for (const double x : {1e308, -1e308, 1e308}) average.add(x);
  EXPECT_EQ(5e307, average.average());
  MovingAverage same(0.3);
  for (int i = 0; i < 20; ++i) same.add(0.1);
  EXPECT_EQ(0.1, same.average());
  MovingAverage earlier(0.5);
  earlier.add(1e308);
  MovingAverage later(0.5);
  for (const double x : {-1e308, 1e308}) later.add(x);
  earlier.merge(later);
  EXPECT_EQ(5e307, earlier.average());
}

}  // namespace
}  // namespace sz
