#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/distinct_count.h"
#include "core/hyper_log_log.h"
#include "core/ordered_values.h"
#include "core/quantile_sketch.h"
#include "core/quantiles.h"

namespace sz {
namespace {

using Random = std::mt19937_64;

json::Number real(double d) { return {.integer = false, .i = 0, .d = d}; }
json::Number whole(std::int64_t i) { return {.integer = true, .i = i, .d = static_cast<double>(i)}; }

/// Values of many shapes, by number: uniform, over many powers of ten, with negatives, all the same, few.
double draw(int shape, Random& random) {
  const double u = static_cast<double>(random() >> 11) / 9007199254740992.0;
  switch (shape) {
    case 0:
      return u;
    case 1:
      return std::pow(10.0, u * 600 - 300);
    case 2:
      return (u - 0.5) * 1e6;
    case 3:
      return 42;
    case 4:
      return std::floor(u * 5) - 2;
    default:
      return -std::log(1 - u) * 37.5;
  }
}

void expect_near_rank(const std::vector<double>& sorted, double found, std::uint64_t rank) {
  const double exact = sorted[rank];
  EXPECT_LE(std::abs(found - exact), std::abs(exact) * QuantileSketch::relative_error * 1.0000001)
      << "rank " << rank << " of " << sorted.size();
}

TEST(QuantileSketch, StaysWithinItsRelativeError) {
  Random random(1);
  for (int shape = 0; shape < 6; ++shape) {
    std::vector<double> values;
    QuantileSketch sketch;
    for (int i = 0; i < 30'000; ++i) {
      values.push_back(draw(shape, random));
      sketch.add(values.back());
    }
    std::ranges::sort(values);
    for (std::uint64_t rank = 0; rank < values.size(); rank += 97)
      expect_near_rank(values, sketch.at(rank), rank);
    expect_near_rank(values, sketch.at(values.size() - 1), values.size() - 1);
  }
}

TEST(QuantileSketch, MergesAndRemovesExactly) {
  Random random(2);
  QuantileSketch all, left, right;
  for (int i = 0; i < 20'000; ++i) {
    const double value = draw(i % 6, random);
    all.add(value);
    (i % 3 == 0 ? left : right).add(value);
  }
  left.merge(right);
  for (std::uint64_t rank = 0; rank < all.count(); rank += 331) EXPECT_EQ(all.at(rank), left.at(rank));
  left.remove(right);
  all.remove(right);
  EXPECT_EQ(left.count(), all.count());
  for (std::uint64_t rank = 0; rank < all.count(); rank += 331) EXPECT_EQ(all.at(rank), left.at(rank));
}

TEST(OrderedValues, IsASortedList) {
  Random random(3);
  OrderedValues ordered;
  std::vector<double> values;
  for (int i = 0; i < 20'000; ++i) {
    if (!values.empty() && random() % 3 == 0) {
      const std::size_t at = random() % values.size();
      ordered.erase(real(values[at]));
      values.erase(values.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
      values.push_back(draw(static_cast<int>(random() % 6), random));
      ordered.insert(real(values.back()));
    }
  }
  std::ranges::sort(values);
  ASSERT_EQ(values.size(), ordered.size());
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], json::Number(ordered.at(i)).d) << i;
}

TEST(Quantiles, AreExactToTenThousandValues) {
  Random random(4);
  Quantiles quantiles;
  std::vector<double> values;
  for (std::size_t n = 1; n <= 10'100; ++n) {
    values.push_back(draw(static_cast<int>(n % 6), random));
    quantiles.add(real(values.back()));
    if (n % 1000 > 5 && n < 9'990) continue;
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    for (const double p : {0.0, 1.0, 25.0, 50.0, 99.0, 99.9, 100.0}) {
      if (n <= exact_values)
        EXPECT_EQ(sorted[percentile_rank(p, n)], quantiles.at(p).d) << n;
      else
        expect_near_rank(sorted, quantiles.at(p).d, percentile_rank(p, n));
    }
  }
}

TEST(Quantiles, PlacesAreMillers) {
  EXPECT_EQ(0u, percentile_rank(50, 1));
  EXPECT_EQ(1u, percentile_rank(50, 2));
  EXPECT_EQ(29u, percentile_rank(29, 100));
  EXPECT_EQ(99u, percentile_rank(100, 100));
  EXPECT_EQ(999u, percentile_rank(99.9, 1000));
}

// A window of portions that comes and goes, over and under the bound.
TEST(SlidingQuantiles, EqualThoseOfTheWindow) {
  Random random(5);
  constexpr std::size_t portion_size = 900;
  SlidingQuantiles sliding;
  std::vector<Quantiles> portions;
  std::vector<std::vector<double>> values;
  std::size_t head = 0;
  for (int round = 0; round < 120; ++round) {
    Quantiles& portion = portions.emplace_back();
    auto& mine = values.emplace_back();
    const std::size_t n = round == 60 ? 11'000 : portion_size;
    for (std::size_t i = 0; i < n; ++i) {
      mine.push_back(draw(5, random));
      portion.add(real(mine.back()));
    }
    sliding.add(portion);
    const std::size_t wanted = round % 40 < 30 ? 28 : 5;
    while (portions.size() - head > wanted) sliding.remove(portions[head++]);
    std::vector<double> sorted;
    std::vector<const Quantiles*> in;
    for (std::size_t i = head; i < portions.size(); ++i) {
      in.push_back(&portions[i]);
      sorted.insert(sorted.end(), values[i].begin(), values[i].end());
    }
    if (sliding.wants_refill()) sliding.refill(in);
    std::ranges::sort(sorted);
    ASSERT_EQ(sorted.size(), sliding.count());
    const std::uint64_t rank = percentile_rank(90, sorted.size());
    if (sorted.size() <= exact_values)
      EXPECT_EQ(sorted[rank], sliding.at(90).d) << round;
    else
      expect_near_rank(sorted, sliding.at(90).d, rank);
  }
}

TEST(Quantiles, IntegersAreExact) {
  constexpr std::int64_t odd = 9007199254740993, most = std::numeric_limits<std::int64_t>::max();
  Quantiles quantiles;
  SlidingQuantiles sliding;
  for (const json::Number& n :
       {whole(odd + 1), whole(most), whole(odd), whole(odd - 1), whole(-most), real(odd - 1)})
    quantiles.add(n);
  sliding.add(quantiles);
  const std::int64_t expected[] = {-most, odd - 1, odd - 1, odd, odd + 1, most};
  for (int i = 0; i < 6; ++i) {
    const double p = 100.0 * i / 6 + 1;
    EXPECT_EQ(expected[i],
              quantiles.at(p).integer ? quantiles.at(p).i : static_cast<std::int64_t>(quantiles.at(p).d));
    EXPECT_EQ(quantiles.at(p).i, sliding.at(p).i);
  }
}

TEST(HyperLogLog, StaysNearTheCount) {
  // Four standard errors: one draw in 16000 lies outside, and the draws are fixed.
  for (const std::uint64_t n : {1ULL, 100ULL, 10'000ULL, 40'000ULL, 100'000ULL, 1'000'000ULL}) {
    double squares = 0;
    constexpr int rounds = 8;
    for (int round = 0; round < rounds; ++round) {
      Random random(static_cast<std::uint64_t>(round) * 1000 + n);
      HyperLogLog sketch;
      for (std::uint64_t i = 0; i < n; ++i) sketch.add(random());
      const double off =
          (static_cast<double>(sketch.estimate()) - static_cast<double>(n)) / static_cast<double>(n);
      EXPECT_LE(std::abs(off), 4 * HyperLogLog::standard_error) << n;
      squares += off * off;
    }
    EXPECT_LE(std::sqrt(squares / rounds), 1.7 * HyperLogLog::standard_error) << n;
  }
}

TEST(DistinctCount, IsExactToTenThousandAndThenNear) {
  const Secret secret;
  DistinctCount count(secret, 0), same(secret, 0), other(secret, 7), half(secret, 0);
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const std::string text = "user" + std::to_string(i);
    count.add(text, i + 1);
    count.add(text, i + 1);
    other.add(text, i + 1);
    (i % 2 == 0 ? same : half).add(text, i + 1);
    if (i < 10'000) {
      ASSERT_EQ(i + 1, count.count());
    }
  }
  EXPECT_NEAR(50'000, static_cast<double>(count.count()), 50'000 * 4 * HyperLogLog::standard_error);
  EXPECT_NE(count.count(), other.count()) << "the seed decides the estimate";
  same.merge(half);
  EXPECT_EQ(count.count(), same.count()) << "the order and the portions do not";
}

}  // namespace
}  // namespace sz
