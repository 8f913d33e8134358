#include "run/stream_clock.h"

#include <random>

#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Time at(std::int64_t seconds) { return Time::from_ns(Time::Wide{seconds} * 1'000'000'000); }
constexpr Duration s(std::int64_t seconds) { return {seconds * 1'000'000'000}; }

TEST(StreamClock, IsTheLargestTimeSeen) {
  StreamClock clock;
  for (const int t : {5, 3, 9, -4}) EXPECT_TRUE(clock.take(at(t)));
  EXPECT_EQ(clock.now(), at(9));
}

TEST(StreamClock, TheFirstRecordSetsItWhereverItIs) {
  StreamClock clock(s(1));
  EXPECT_TRUE(clock.take(at(1'000'000)));
  EXPECT_EQ(clock.now(), at(1'000'000));
}

TEST(StreamClock, ExactlyMaxAheadIsNotTooFar) {
  StreamClock clock(s(10));
  EXPECT_TRUE(clock.take(at(0)));
  EXPECT_FALSE(StreamClock(clock).take(at(10) + Duration{1}));
  EXPECT_TRUE(clock.take(at(10)));
}

TEST(StreamClock, ASecondRecordNearTheRefusedOneMovesTheStream) {
  StreamClock before(s(10));
  EXPECT_TRUE(before.take(at(0)));
  EXPECT_FALSE(before.take(at(100)));
  EXPECT_EQ(before.now(), at(0));
  for (const int near : {90, 100, 110}) EXPECT_TRUE(StreamClock(before).take(at(near))) << near;
  for (const int far : {89, 111, 5000}) EXPECT_FALSE(StreamClock(before).take(at(far))) << far;
  // The one that was taken in between shows that the stream is where it was.
  EXPECT_TRUE(before.take(at(1)));
  EXPECT_FALSE(before.take(at(100)));
}

TEST(StreamClock, EachRefusedRecordIsTheOneTheNextIsComparedWith) {
  StreamClock clock(s(10));
  EXPECT_TRUE(clock.take(at(0)));
  EXPECT_FALSE(clock.take(at(100)));
  EXPECT_FALSE(clock.take(at(200)));
  EXPECT_FALSE(clock.take(at(100)));
  EXPECT_TRUE(clock.take(at(105)));
  EXPECT_EQ(clock.now(), at(105));
}

TEST(MaxAhead, ARecordTooFarAheadFailsAsTimeAndClosesNothing) {
  ScriptedHost host;
  host.file("-", "{\"t\":1}\n{\"t\":999999}\n{\"t\":2}\n{\"t\":7}\n");
  const WholeRun whole = run_whole("--time .t --max-ahead 1m batch --every 5s then map map(.t)", host);
  EXPECT_EQ(host.output(), "[1,2]\n[7]\n");
  ASSERT_EQ(whole.letters.size(), 1u);
  EXPECT_EQ(whole.letters[0], (WholeRun::Letter{2, "input", FailureKind::time, "{\"t\":999999}"}));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(MaxAhead, WhenTheStreamReallyMovedOnlyTheFirstRecordFails) {
  ScriptedHost host;
  host.file("-", "{\"t\":1}\n{\"t\":1000}\n{\"t\":1001}\n{\"t\":1002}\n");
  const WholeRun whole = run_whole("--time .t --max-ahead 1m batch --every 5s then map map(.t)", host);
  EXPECT_EQ(host.output(), "[1]\n[1001,1002]\n");
  EXPECT_EQ(whole.letters.size(), 1u);
}

TEST(ClockJump, IsToldOverADayAndNotForTheFirstRecord) {
  ScriptedHost host;
  host.file("-", "{\"t\":100000}\n{\"t\":186400}\n{\"t\":272800.5}\n{\"t\":1}\n");
  EXPECT_EQ(
      run_whole("--time .t filter .", host).event_kinds(),
      (std::vector<std::string>{R"(clock_jump - - 1970-01-03T03:46:40Z )"
                                R"("from":"1970-01-03T03:46:40Z","to":"1970-01-04T03:46:40.5Z","line":3)"}));
}

/// Lines whose time goes on slowly, with strays far ahead, spikes of two and real moves, bad lines among
/// them.
std::string wild_stream(unsigned seed, int lines) {
  std::mt19937 random(seed);
  const auto below = [&random](unsigned n) { return static_cast<std::int64_t>(random() % n); };
  std::string text;
  std::int64_t t = 1'000'000;
  for (int i = 0; i < lines; ++i) {
    t += below(3);
    std::int64_t shown = t;
    switch (below(40)) {
      case 0:
        shown = t + 100'000 + below(100'000);
        break;
      case 1:
        t += 90'000;
        break;
      case 2:
        text += "no json\n";
        break;
      case 3:
        text += "{\"t\":null,\"i\":0}\n\n";
        break;
      case 4:
        shown = t - below(1000);
        break;
      default:
        break;
    }
    text += "{\"t\":" + std::to_string(shown) + ",\"i\":" + std::to_string(i) + "}\n";
  }
  return text;
}

// What a block's records become depends on the blocks before: the pool must not show it.
TEST(MaxAhead, ThePoolRefusesTheSameRecords) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    const std::string input = wild_stream(seed, 60'000);
    for (const std::string pipeline :
         {"filter (.i%3==0) then map .i", "filter (.i%7!=0) then batch --every 30s"}) {
      std::vector<std::string> events;
      std::string output, statistics;
      std::vector<WholeRun::Letter> letters;
      for (const std::string threads : {"1", "2", "4"}) {
        ScriptedHost host;
        host.file("-", input);
        if (threads == "4") host.limit_reads(150'000);
        const WholeRun whole = run_whole("-j " + threads + " --time .t --max-ahead 60s " + pipeline, host);
        EXPECT_TRUE(whole.report.statistics.balanced(true));
        if (threads == "1") {
          output = host.output();
          letters = whole.letters;
          events = whole.event_kinds();
          statistics = whole.report.statistics.json();
          EXPECT_GT(letters.size(), 100u);
          EXPECT_GT(events.size(), 10u);
        }
        EXPECT_EQ(host.output(), output) << threads << ' ' << pipeline;
        EXPECT_TRUE(whole.letters == letters) << threads << ' ' << pipeline;
        EXPECT_TRUE(whole.event_kinds() == events) << threads << ' ' << pipeline;
        EXPECT_EQ(whole.report.statistics.json(), statistics) << threads << ' ' << pipeline;
      }
    }
  }
}

}  // namespace
}  // namespace sz::run
