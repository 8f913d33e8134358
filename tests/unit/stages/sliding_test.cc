#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/hyper_log_log.h"
#include "core/quantiles.h"
#include "stages/script.h"

namespace sz::stages_test {
namespace {

struct Portion {
  std::int64_t ms = 0;
  std::int64_t clock = 0;  // of the stream, when it came
  std::vector<int> values;
};

/// Most are small, some just reach what is exact; many come late, into windows of which some have closed.
std::vector<Portion> portions(Random& random, int latest) {
  std::vector<Portion> all;
  std::int64_t clock = 0;
  for (int i = 0; i < 80; ++i) {
    Portion made{.ms = clock + random.below(700), .clock = 0, .values = {}};
    if (random.chance(40)) made.ms = std::max<std::int64_t>(0, clock - random.below(latest));
    made.clock = clock = std::max(clock, made.ms);
    const int size = random.chance(8)   ? static_cast<int>(exact_values) - random.below(15)
                     : random.chance(8) ? random.below(4000)
                                        : 1 + random.below(15);
    const int from = random.below(4) * 1000;
    const bool different = random.chance(50);
    for (int k = 0; k < size; ++k) made.values.push_back(from + (different ? k : random.below(20)));
    all.push_back(std::move(made));
  }
  return all;
}

std::size_t distinct(std::vector<int> values) {
  std::sort(values.begin(), values.end());
  return static_cast<std::size_t>(std::ranges::unique(values).begin() - values.begin());
}

struct Found {
  long long count = 0, sum = 0, least = 0, greatest = 0, distinct = 0;
  double median = 0, p90 = 0, p100 = 0;
};

void expect_quantile(const std::vector<int>& sorted, double p, double found) {
  const double exact = sorted[percentile_rank(p, sorted.size())];
  const double slack =
      sorted.size() <= exact_values ? 0 : std::abs(exact) * QuantileSketch::relative_error * 1.0000001;
  EXPECT_LE(std::abs(found - exact), slack) << "p" << p << " of " << sorted.size();
}

// What a window that slides says is what its records alone give, whatever came late into a portion of it and
// made that one go from exact to estimated.
TEST(Sliding, EqualsTheWindowComputedAnew) {
  constexpr std::int64_t size = 4000, slide = 1000, lateness = 1000;
  for (std::uint64_t seed = 1; seed <= seeds(SZ_SANITIZED ? 1 : 5); ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const std::vector<Portion> all = portions(random, size);
    const auto driver = drive(
        "--time .t --lateness 1s window sliding --size 4s --slide 1s s=sum:.v[] least=min:.v[] "
        "greatest=max:.v[] m=median:.v[] p90=p90:.v[] p100=p100:.v[] d=distinct:.v[] then map "
        "'\"\\(.count) \\(.s) \\(.least) \\(.greatest) \\(.d) \\(.m) \\(.p90) \\(.p100)\"'");
    std::int64_t last = 0;
    for (const Portion& portion : all) {
      last = std::max(last, portion.ms);
      driver->push(fmt::format(R"({{"t":{}.{:03},"v":[{}]}})", portion.ms / 1000, portion.ms % 1000,
                               fmt::join(portion.values, ",")));
    }
    driver->end();
    const std::vector<std::string> out = driver->take_out();
    std::size_t at = 0;
    for (std::int64_t end = slide; end <= last / slide * slide + size; end += slide) {
      SCOPED_TRACE(end);
      long long count = 0, sum = 0;
      std::vector<int> values;
      std::vector<std::vector<int>> panes(size / slide);
      for (const Portion& portion : all) {
        if (portion.ms < end - size || portion.ms >= end || end + lateness <= portion.clock) continue;
        ++count;
        values.insert(values.end(), portion.values.begin(), portion.values.end());
        auto& pane = panes[static_cast<std::size_t>((portion.ms - (end - size)) / slide)];
        pane.insert(pane.end(), portion.values.begin(), portion.values.end());
      }
      if (count == 0) continue;
      ASSERT_LT(at, out.size());
      Found found;
      ASSERT_EQ(8, std::sscanf(out[at].c_str(), "\"%lld %lld %lld %lld %lld %lf %lf %lf", &found.count,
                               &found.sum, &found.least, &found.greatest, &found.distinct, &found.median,
                               &found.p90, &found.p100))
          << out[at];
      ++at;
      std::sort(values.begin(), values.end());
      for (const int value : values) sum += value;
      EXPECT_EQ(count, found.count);
      EXPECT_EQ(sum, found.sum);
      EXPECT_EQ(values.front(), found.least);
      EXPECT_EQ(values.back(), found.greatest);
      expect_quantile(values, 50, found.median);
      expect_quantile(values, 90, found.p90);
      expect_quantile(values, 100, found.p100);
      const bool exact = std::ranges::none_of(panes, [](const auto& pane) {
        return pane.size() > exact_values && distinct(pane) > exact_values;
      });
      const auto n = static_cast<double>(distinct(values));
      EXPECT_NEAR(n, static_cast<double>(found.distinct), exact ? 0 : n * 4 * HyperLogLog::standard_error);
    }
    EXPECT_EQ(at, out.size());
  }
}

// A key may have many open windows under --lateness: this takes most of a minute if each record or each end
// looks at all of them.
TEST(Windows, TimeIsLinearInWhatIsOpen) {
  constexpr int lines = SZ_SANITIZED ? 10'000 : 100'000;
  for (const char* const window : {"session --gap 500ms", "tumbling --size 1s"}) {
    const auto driver = drive(fmt::format("--time .t --lateness 9d window {} n=count", window));
    for (int i = 0; i < lines; ++i) driver->push(fmt::format(R"({{"t":{}}})", i));
    driver->end();
    EXPECT_EQ(std::size_t{lines}, driver->take_out().size());
  }
}

}  // namespace
}  // namespace sz::stages_test
