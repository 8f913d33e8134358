#include "core/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace sz {
namespace {

TEST(LatencyHistogram, HasNothingToSayOfNothing) {
  const LatencyHistogram none;
  EXPECT_EQ(none.quantile(0.5), Duration{});
  EXPECT_EQ(none.max(), Duration{});
}

TEST(LatencyHistogram, SmallSpansAreExactAndNegativeOnesNone) {
  LatencyHistogram spans;
  for (const std::int64_t ns : {-5, 3, 7, 15}) spans.add({ns});
  EXPECT_EQ(spans.quantile(0.25), Duration{0});
  EXPECT_EQ(spans.quantile(0.5), Duration{3});
  EXPECT_EQ(spans.quantile(1), Duration{15});
  EXPECT_EQ(spans.count(), 4u);
}

TEST(LatencyHistogram, IsOverByASixteenthAtMost) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50; ++round) {
    LatencyHistogram spans;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 500; ++i) {
      const auto ns = static_cast<std::int64_t>(random() >> (1 + random() % 62));
      all.push_back(ns);
      spans.add({ns});
    }
    std::ranges::sort(all);
    for (const double share : {0.01, 0.5, 0.9, 0.99, 1.0}) {
      const std::int64_t truth = all[static_cast<std::size_t>(std::ceil(share * 500)) - 1];
      const std::int64_t found = spans.quantile(share).ns;
      EXPECT_GE(found, truth);
      EXPECT_LE(static_cast<double>(found), static_cast<double>(truth) * (1 + 1.0 / 16));
    }
  }
}

TEST(LatencyHistogram, TakesTheLongestSpan) {
  LatencyHistogram spans;
  spans.add({std::numeric_limits<std::int64_t>::max()});
  EXPECT_EQ(spans.quantile(0.5).ns, std::numeric_limits<std::int64_t>::max());
  spans.clear();
  EXPECT_EQ(spans.count(), 0u);
}

}  // namespace
}  // namespace sz
