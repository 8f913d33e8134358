// --idle-timeout (SPEC 3).

#include <csignal>

#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

TEST(IdleTimeout, ClosesWhatIsOpenWhenNoInputCame) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n");
  host.piece("-", ms(900), "3\n");
  host.piece("-", ms(5000), "4\n");
  const WholeRun whole = run_whole("--idle-timeout 1s batch --size 10", host);
  EXPECT_EQ(host.output(), "[1,2,3]\n[4]\n");
  ASSERT_EQ(host.writes().size(), 2u);
  EXPECT_EQ(host.writes()[0].after, ms(1900));
  EXPECT_EQ(whole.event_kinds(),
            (std::vector<std::string>{R"(group_closed batch 1 - "reason":"idle","count":3)",
                                      R"(group_closed batch 1 - "reason":"end","count":1)"}));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(IdleTimeout, DoesNotMoveTheClockOfTheRecords) {
  ScriptedHost host;
  host.piece("-", ms(0), "{\"t\":1}\n");
  host.piece("-", ms(60'000), "{\"t\":2}\n{\"t\":3}\n");
  run_whole("--time .t --idle-timeout 5s batch --every 1500ms --wrap", host);
  EXPECT_EQ(
      host.output(),
      R"({"records":[{"t":1}],"count":1,"reason":"idle","start":"1970-01-01T00:00:01Z","end":"1970-01-01T00:00:01Z"})"
      "\n"
      R"({"records":[{"t":2},{"t":3}],"count":2,"reason":"end","start":"1970-01-01T00:00:02Z","end":"1970-01-01T00:00:03Z"})"
      "\n");
}

TEST(IdleTimeout, StagesCloseInOrderSoThatALaterOneHasWhatAnEarlierOneLetGo) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n3\n");
  host.piece("-", ms(9000), "4\n");
  run_whole("--idle-timeout 1s batch --size 2 then batch --size 10", host);
  EXPECT_EQ(host.output(), "[[1,2],[3]]\n[[4]]\n");
}

TEST(IdleTimeout, ATimerOfTheSameInstantGoesFirst) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(9000), "2\n");
  const WholeRun whole = run_whole("--idle-timeout 1s batch --every 1s", host);
  EXPECT_EQ(whole.event_kinds()[0], R"(group_closed batch 1 - "reason":"every","count":1)");
}

TEST(IdleTimeout, ClosesAGroupThatHoldsNoRecord) {
  // Its leading record has left: what is open is only the burst.
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(3000), "2\n");
  run_whole("--idle-timeout 1s debounce --quiet 1h --leading --no-trailing", host);
  EXPECT_EQ(host.output(), "1\n2\n");
}

TEST(IdleTimeout, ClosesWhatOpenedSinceTheLastTime) {
  // The throttle lets its second record go after the first silence: the batch that it opens closes as well.
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n");
  host.piece("-", ms(90'000), "3\n");
  run_whole("--idle-timeout 1s throttle --rate 1/m --unordered --max-held 5 then batch --size 10", host);
  EXPECT_EQ(host.output(), "[1]\n[2]\n[3]\n");
  EXPECT_EQ(host.writes()[1].after, ms(61'000));
}

TEST(IdleTimeout, NeitherEndsNorKeepsWakingARunThatHoldsNothing) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(3'600'000), "2\n");
  run_whole("--idle-timeout 1ms filter .", host);
  EXPECT_EQ(host.output(), "1\n2\n");
  EXPECT_LT(host.waits(), 5);
}

TEST(IdleTimeout, WaitingOfItsOwnIsNoIdleInput) {
  // The throttle reads nothing while it waits for its second record: that is no sign that nothing comes.
  ScriptedHost host;
  host.piece("-", ms(0), "[1,2]\n");
  host.piece("-", ms(1000), "[3]\n");
  run_whole("--idle-timeout 5s flatten then throttle --rate 1/m then batch --size 10", host);
  EXPECT_EQ(host.output(), "[1,2,3]\n");
}

TEST(IdleTimeout, WhatABufferHoldsIsStillToCome) {
  // Behind the buffer two more records come, a minute apart: the batch is not over, however long no input
  // came.
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n3\n");
  host.piece("-", ms(300'000), "4\n");
  run_whole("--idle-timeout 5s buffer --size 10 then throttle --rate 1/m then batch --size 10", host);
  EXPECT_EQ(host.output(), "[1,2,3]\n[4]\n");
  ASSERT_EQ(host.writes().size(), 2u);
  EXPECT_EQ(host.writes()[0].after, ms(125'000));
}

TEST(IdleTimeout, KeepsTheLatestRecordsNoLongerEither) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n1\n");
  host.piece("-", ms(9000), "1\n");
  run_whole("--idle-timeout 1s dedupe --keep last", host);
  EXPECT_EQ(host.output(), "2\n1\n1\n");
}

TEST(IdleTimeout, ASignalDuringTheSilenceEndsAsEver) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(9000), "2\n");
  host.signal(ms(500), SIGTERM);
  run_whole("--idle-timeout 1s batch --size 10", host);
  EXPECT_EQ(host.output(), "[1]\n");
  EXPECT_EQ(host.elapsed(), ms(500));
}

}  // namespace
}  // namespace sz::run
