#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/script.h"

namespace sz::stages_test {
namespace {

using Wide = Time::Wide;
constexpr std::int64_t ns_per_s = 1'000'000'000;

/// The generic cell rate algorithm (ITU-T I.371): the same contract as a token bucket, said the other way
/// round, by the time at which the bucket would be full again. In units of 1/rate ns, so that it is exact.
class CellRate {
 public:
  /// `rate` tokens a second.
  CellRate(std::int64_t rate, std::int64_t burst) : rate_(rate), burst_(burst) {}

  /// The earliest instant (ns) from `now` on at which `cost` tokens are there.
  Wide when(Wide now, std::int64_t cost) const {
    const Wide earliest = full_ - Wide{burst_ - cost} * ns_per_s;  // in units
    const Wide ns = earliest <= 0 ? 0 : (earliest + rate_ - 1) / rate_;
    return std::max(now, ns);
  }
  void take(Wide now, std::int64_t cost) { full_ = std::max(full_, now * rate_) + Wide{cost} * ns_per_s; }

 private:
  std::int64_t rate_, burst_;
  Wide full_ = 0;
};

struct Plan {
  std::int64_t rate, burst;
  int costs;  // each record costs less than this; 0: 1 each
  bool by;
  std::string words() const {
    std::string all = fmt::format("throttle --rate {}/s --burst {}", rate, burst);
    if (costs != 0) all += fmt::format(" --cost '.n % {}'", costs);
    if (by) all += " --by .k";
    return all;
  }
  std::int64_t cost(const Line& line) const { return costs == 0 ? 1 : line.number % costs; }
};

Plan plan(Random& random) {
  Plan made{.rate = random.one_of<std::int64_t>({1, 3, 7, 100, 333, 1000}),
            .burst = 1 + random.below(6),
            .costs = 0,
            .by = random.chance(40)};
  if (random.chance(50)) made.costs = 1 + random.below(static_cast<int>(made.burst) + 1);
  return made;
}

std::vector<const Event*> out(const std::vector<Event>& events) {
  std::vector<const Event*> all;
  for (const Event& event : events)
    if (event.kind == Event::Kind::out) all.push_back(&event);
  return all;
}

// Every record leaves at the very nanosecond at which the contract allows it: neither early nor late.
TEST(Throttle, InOrderEqualsTheCellRateAlgorithm) {
  for (std::uint64_t seed = 1; seed <= seeds(300); ++seed) {
    Random random(seed);
    const Plan p = plan(random);
    const std::vector<Line> lines = random.lines(60, 3, 1 + random.below(100));
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, p.words()));
    const std::vector<Event> events = live(p.words(), lines);
    const std::vector<const Event*> left = out(events);
    ASSERT_EQ(lines.size(), left.size());
    std::map<int, CellRate> buckets;
    Wide before = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CellRate& bucket = buckets.try_emplace(p.by ? lines[i].key : 0, p.rate, p.burst).first->second;
      const std::int64_t cost = p.cost(lines[i]);
      const Wide at = bucket.when(std::max(before, at_ms(lines[i].ms).ns()), cost);
      bucket.take(at, cost);
      before = at;
      ASSERT_EQ(lines[i].text(), left[i]->text);
      ASSERT_EQ(Time::from_ns(at), left[i]->wall) << "record " << i;
    }
  }
}

// Unordered: each key is on its own, as if the others were not there.
TEST(Throttle, UnorderedEachKeyIsAlone) {
  for (std::uint64_t seed = 1; seed <= seeds(200); ++seed) {
    Random random(seed);
    Plan p = plan(random);
    p.by = true;
    const std::vector<Line> lines = random.lines(60, 3, 1 + random.below(100));
    const std::string words = p.words() + " --unordered";
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    std::map<int, CellRate> buckets;
    std::map<int, Wide> before;
    std::map<std::string, Time> expected, seen;
    for (const Line& line : lines) {
      CellRate& bucket = buckets.try_emplace(line.key, p.rate, p.burst).first->second;
      const Wide at = bucket.when(std::max(before[line.key], at_ms(line.ms).ns()), p.cost(line));
      bucket.take(at, p.cost(line));
      before[line.key] = at;
      expected.emplace(line.text(), Time::from_ns(at));
    }
    const std::vector<Event> events = live(words, lines);
    for (const Event* event : out(events)) seen.emplace(event->text, event->wall);
    ASSERT_EQ(expected, seen);
  }
}

// Modes drop and fail: what fits passes, all else goes; the same live and out of a recording.
TEST(Throttle, SheddingEqualsTheCellRateAlgorithm) {
  for (std::uint64_t seed = 1; seed <= seeds(300); ++seed) {
    Random random(seed);
    const Plan p = plan(random);
    const std::vector<Line> lines = random.lines(60, 3, 1 + random.below(100));
    const std::string words = p.words() + (random.chance(50) ? " --mode drop" : " --mode fail");
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, words));
    std::map<int, CellRate> buckets;
    std::vector<std::string> expected;
    for (const Line& line : lines) {
      CellRate& bucket = buckets.try_emplace(p.by ? line.key : 0, p.rate, p.burst).first->second;
      const Wide now = at_ms(line.ms).ns();
      if (bucket.when(now, p.cost(line)) != now) continue;
      bucket.take(now, p.cost(line));
      expected.push_back(line.text());
    }
    ASSERT_EQ(expected, outputs(live(words, lines)));
    ASSERT_EQ(expected, outputs(replayed(words, lines)));
  }
}

// In no interval more than burst + rate * t, however records and stalls of the machine fall.
TEST(Throttle, NeverMoreThanBurstAndRate) {
  for (std::uint64_t seed = 1; seed <= seeds(100); ++seed) {
    Random random(seed);
    const Plan p{.rate = random.one_of<std::int64_t>({1, 7, 1000}),
                 .burst = 1 + random.below(5),
                 .costs = 0,
                 .by = false};
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, p.words()));
    const auto driver = drive(p.words());
    std::int64_t ms = 0;
    for (int i = 0; i < 60; ++i) {
      driver->push(std::to_string(i));
      ms += random.below(static_cast<int>(2000 / p.rate) + 1);
      if (random.chance(30))
        driver->jump(at_ms(ms += 3000 / p.rate));
      else
        driver->at(at_ms(ms));
    }
    driver->end();
    const std::vector<Event> events = driver->take_events();
    const std::vector<const Event*> left = out(events);
    ASSERT_EQ(60u, left.size());
    for (std::size_t i = 0; i < left.size(); ++i)
      for (std::size_t j = i; j < left.size(); ++j) {
        const Wide span = (left[j]->wall - left[i]->wall).ns;
        // n tokens within span: (n - burst) * 1 s <= rate * span, and a nanosecond's worth for the rounding
        ASSERT_LE((static_cast<Wide>(j - i + 1) - p.burst) * ns_per_s, p.rate * (span + 1));
      }
  }
}

TEST(Throttle, ExactOverTenThousandRecords) {
  const auto driver = drive("throttle --rate 7/s --burst 1");
  constexpr int records = 10'000;
  for (int i = 0; i < records; ++i) driver->push(std::to_string(i));
  driver->end();
  const std::vector<Event> events = driver->take_events();
  const std::vector<const Event*> left = out(events);
  ASSERT_EQ(static_cast<std::size_t>(records), left.size());
  CellRate model(7, 1);
  for (const Event* event : left) {
    const Wide at = model.when(0, 1);
    model.take(at, 1);
    ASSERT_EQ(Time::from_ns(at), event->wall) << event->text;
  }
  EXPECT_LE(left.back()->wall - at_ms(1'428'428), Duration{ns_per_ms});  // 9999 / 7 s
}

// A fraction that no double holds exactly: ten times a tenth is one.
TEST(Throttle, TenTenthsAreOne) {
  const auto driver = drive("throttle --rate 1/s --mode drop --cost .");
  for (int i = 0; i < 10; ++i) driver->push("0.1");
  EXPECT_EQ(10u, driver->take_out().size());
  driver->push("0.1");
  EXPECT_EQ(0u, driver->take_out().size());
}

TEST(Throttle, UnderTimeModeWaitPacesTheWall) {
  const std::vector<Line> lines{{.ms = 0, .key = 0, .number = 0}, {.ms = 1'000'000, .key = 0, .number = 1}};
  const std::vector<Event> events = replayed("throttle --rate 2/s --burst 1", lines);
  const std::vector<const Event*> left = out(events);
  ASSERT_EQ(2u, left.size());
  EXPECT_EQ(instant("500ms"), left[1]->wall);
  EXPECT_EQ(at_ms(1'000'000), left[1]->at);
}

}  // namespace
}  // namespace sz::stages_test
