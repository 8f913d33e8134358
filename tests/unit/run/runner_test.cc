#include <csignal>

#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

TEST(Runner, WritesBeforeItWaits) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(3000), "2\n");
  const WholeRun whole = run_whole("filter .", host);
  ASSERT_EQ(host.writes().size(), 2u);
  EXPECT_EQ(host.writes()[0].after, ms(0));
  EXPECT_EQ(host.writes()[0].total, 2u);
  EXPECT_EQ(host.output(), "1\n2\n");
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, FiresTimersWhileNothingComes) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n");
  host.piece("-", ms(5000), "3\n");
  run_whole("batch --every 1s", host);
  ASSERT_EQ(host.writes().size(), 2u);
  EXPECT_EQ(host.writes()[0].after, ms(1000));
  EXPECT_EQ(host.output(), "[1,2]\n[3]\n");
}

TEST(Runner, PacesOnTheWallAndFinishesWhatWaitsAtTheEnd) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n");
  const WholeRun whole = run_whole("throttle --rate 1/s", host);
  EXPECT_EQ(host.output(), "1\n2\n3\n");
  EXPECT_EQ(host.elapsed(), ms(2000));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, ASignalEndsTheInputAndFlushesTheBatch) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n{\"a\":");
  host.piece("-", ms(60'000), "3}\n");
  host.signal(ms(500), SIGTERM);
  const WholeRun whole = run_whole("batch --size 100", host);
  EXPECT_EQ(host.output(), "[1,2]\n");
  EXPECT_EQ(whole.report.ending.signal, SIGTERM);
  EXPECT_EQ(host.elapsed(), ms(500));
  ASSERT_EQ(whole.letters.size(), 1u);
  EXPECT_EQ(whole.letters[0], (WholeRun::Letter{3, "input", FailureKind::shutdown, "{\"a\":"}));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, TheDrainTimeoutFailsWhatIsLeftAsShutdown) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n4\n");
  host.signal(ms(1), SIGINT);
  const WholeRun whole = run_whole("--drain-timeout 1500ms throttle --rate 1/s", host);
  EXPECT_EQ(host.output(), "1\n2\n");
  EXPECT_EQ(whole.letters.size(), 2u);
  for (const WholeRun::Letter& letter : whole.letters) EXPECT_EQ(letter.kind, FailureKind::shutdown);
  EXPECT_EQ(host.elapsed(), ms(1501));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, ASlowReaderHoldsTheSourceBack) {
  ScriptedHost host;
  std::string input;
  for (int i = 0; i < 100'000; ++i) input += std::to_string(i) + '\n';
  host.file("-", input);
  host.limit_writes(4096);
  host.output_pause(ms(1));
  const WholeRun whole = run_whole("take 1000000", host);
  EXPECT_EQ(host.output(), input);
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, ClosedOutputEndsTheRunEvenWhileIdle) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(60'000), "2\n");
  host.close_output(ms(700));
  const WholeRun whole = run_whole("filter .", host);
  EXPECT_TRUE(whole.report.ending.output_closed);
  EXPECT_EQ(host.elapsed(), ms(700));
}

TEST(Runner, AFinishedTakeStopsTheReading) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n3\n");
  host.piece("-", ms(60'000), "4\n");
  const WholeRun whole = run_whole("take 2", host);
  EXPECT_EQ(host.output(), "1\n2\n");
  EXPECT_EQ(host.elapsed(), ms(0));
  EXPECT_EQ(whole.report.statistics.ledger.lines, 2u);
}

/// Of nine lines, how many are read.
std::uint64_t lines_read(const std::string& words) {
  ScriptedHost host;
  for (int line = 1; line <= 9; ++line) host.piece("-", ms(1000 * line), std::to_string(line) + "\n");
  const WholeRun whole = run_whole(words, host);
  EXPECT_TRUE(whole.report.statistics.balanced(true)) << words;
  return whole.report.statistics.ledger.lines;
}

// What a take in front of a handler leaves to fail is not worth reading for, unless the handler acts.
TEST(Runner, ATakeThatIsDoneInsideEndsTheReading) {
  EXPECT_EQ(lines_read("catch [ ] take 2"), 2u);
  EXPECT_EQ(lines_read("catch [ ] [ map . then take 2 ]"), 2u);
  EXPECT_EQ(lines_read("catch [ take 1 ] [ take 2 ]"), 2u);
  EXPECT_EQ(lines_read("catch [ ] catch [ map . ] breaker take 2"), 2u);
  EXPECT_EQ(lines_read("catch [ take 1 ] map error(.)"), 9u);
  EXPECT_EQ(lines_read("catch [ tap --to failed ] [ map . then take 2 ]"), 9u);
  EXPECT_EQ(lines_read("catch [ ] [ tap --to copy then take 2 ]"), 9u);
}

TEST(Runner, ATapThatOnlyHasABracketIsNotReadFor) {
  EXPECT_EQ(lines_read("tap [ take 1 ] then map . then take 2"), 2u);
  EXPECT_EQ(lines_read("tap [ map . ] then take 2"), 2u);
  EXPECT_EQ(lines_read("tap [ take 4 then tap --to copy ] then take 2"), 4u);
  EXPECT_EQ(lines_read("tap [ tap --to copy ] then take 2"), 9u);
}

TEST(Runner, AnEffectBeforeAFinishedTakeIsReadFor) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n");
  const WholeRun whole = run_whole("tap --to copy then take 1", host);
  EXPECT_EQ(host.output(), "1\n");
  EXPECT_EQ(host.side_file("copy"), "1\n2\n3\n");
  EXPECT_EQ(whole.report.statistics.ledger.count(Verdict::filtered), 2u);
}

TEST(Runner, WhatWaitsForATakeThatIsDoneIsLetGo) {
  ScriptedHost host;
  host.file("-", "[1,2,3,4,5,6,7,8,9]\n");
  const WholeRun whole = run_whole("flatten then throttle --rate 1/s then take 2", host);
  EXPECT_EQ(host.output(), "1\n2\n");
  EXPECT_EQ(host.elapsed(), ms(1000));
  EXPECT_TRUE(whole.letters.empty());
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, AReportIsSaidWhenASignalAsksForIt) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(2000), "2\n");
  host.signal(ms(1000), SIGUSR1);
  const WholeRun whole = run_whole("filter .", host);
  EXPECT_NE(whole.said.find("1 filter"), std::string::npos);
  EXPECT_EQ(host.output(), "1\n2\n");
}

TEST(Runner, AReportIsJsonWhereTheStatisticsAre) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(2000), "2\n");
  host.signal(ms(1000), SIGUSR1);
  const WholeRun whole = run_whole("--stats=json filter .", host);
  EXPECT_TRUE(whole.said.starts_with(R"({"lines":{"in":1,)")) << whole.said;
  EXPECT_EQ(whole.said.find('\n'), whole.said.size() - 1);
}

TEST(Runner, WithTimeTheWallDoesNotMatter) {
  std::string first;
  for (const std::int64_t pause : {0, 1, 7000}) {
    ScriptedHost host;
    for (int i = 0; i < 6; ++i)
      host.piece("-", ms(i * pause),
                 "{\"t\":" + std::to_string(i * 0.4) + ",\"i\":" + std::to_string(i) + "}\n");
    run_whole("--time .t batch --every 1s then map map(.i)", host);
    if (first.empty()) first = host.output();
    EXPECT_EQ(host.output(), first);
  }
  EXPECT_EQ(first, "[0,1,2]\n[3,4,5]\n");
}

TEST(Runner, StopsAtTheFirstFailureAndFinishesWhatCameBefore) {
  ScriptedHost host;
  host.file("-", "1\n2\noops\n3\n");
  const WholeRun whole = run_whole("--on-failure stop batch --size 10", host);
  EXPECT_EQ(host.output(), "[1,2]\n");
  EXPECT_TRUE(whole.report.ending.stopped_by_failures);
  EXPECT_EQ(whole.report.statistics.ledger.lines, 3u);
}

TEST(Runner, OnceStoppedEmitsNothingThatCameLater) {
  ScriptedHost host;
  host.file("-", "2\n1\n0\n5\n");
  const WholeRun whole = run_whole("--on-failure stop dedupe --keep last then map 6%.", host);
  EXPECT_EQ(host.output(), "0\n0\n");
  ASSERT_EQ(whole.letters.size(), 1u);
  EXPECT_EQ(whole.letters[0].line, 3u);
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, CountsALineOfManyPartsBeforeTheNextIsFed) {
  for (const char* limit : {"--on-failure stop ", "--max-failures 0 "})
    for (const std::size_t reads : {std::size_t{1}, std::size_t{7}, std::size_t{0}}) {
      ScriptedHost host;
      host.file("-", "[1,0]\n[0,1]\n[2]\n[3]\n");
      host.limit_reads(reads);
      const WholeRun whole = run_whole(limit + std::string("flatten then map 6%."), host);
      EXPECT_EQ(host.output(), "0\n");
      EXPECT_EQ(whole.report.statistics.ledger.lines, 1u);
    }
}

TEST(Runner, AShareIsLookedAtAtTheEndOfAShortRunToo) {
  for (const auto& [limit, passed] :
       {std::pair{"--max-failures 1/2 ", false}, std::pair{"--max-failures 1/4 ", true}}) {
    ScriptedHost host;
    host.file("-", "1\noops\n2\n");
    const WholeRun whole = run_whole(limit + std::string("filter ."), host);
    EXPECT_EQ(host.output(), "1\n2\n");
    EXPECT_EQ(whole.report.ending.stopped_by_failures, passed) << limit;
  }
}

TEST(Runner, StopsOnlyWhenSomethingFails) {
  ScriptedHost host;
  std::string input;
  for (int i = 0; i < 5000; ++i) input += "1\n";
  host.file("-", input);
  EXPECT_FALSE(run_whole("--on-failure stop filter .", host).report.ending.stopped_by_failures);
  EXPECT_EQ(host.output(), input);
}

/// A command that takes `delay` and then says `output`.
auto answers(Duration delay, std::string output, int status = 0) {
  return
      [=](RequestId, const Request&) { return std::pair(delay, Result{.number = status, .output = output}); };
}

TEST(Runner, WaitsForWorkOutsideAtTheEndOfInput) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n");
  host.answer(answers(ms(400), "0\n"));
  const WholeRun whole = run_whole("map --exec x --jobs 2", host);
  EXPECT_EQ(host.output(), "0\n0\n0\n");
  EXPECT_EQ(host.elapsed(), ms(800));
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

TEST(Runner, ASignalLetsWorkOutsideFinishInTime) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n2\n");
  host.piece("-", ms(60'000), "3\n");
  host.signal(ms(100), SIGTERM);
  host.answer(answers(ms(400), "0\n"));
  const WholeRun whole = run_whole("map --exec x --jobs 2", host);
  EXPECT_EQ(host.output(), "0\n0\n");
  EXPECT_TRUE(whole.letters.empty());
  EXPECT_EQ(host.elapsed(), ms(400));
}

TEST(Runner, WorkThatOutlastsTheDrainTimeoutIsCancelled) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n");
  host.signal(ms(100), SIGTERM);
  host.answer(answers(ms(60'000), "0\n"));
  const WholeRun whole = run_whole("--drain-timeout 1s map --exec x --jobs 2", host);
  EXPECT_EQ(host.output(), "");
  EXPECT_EQ(host.cancelled().size(), 2u);
  EXPECT_EQ(host.elapsed(), ms(1100));
  ASSERT_EQ(whole.letters.size(), whole.report.statistics.ledger.lines);
  for (const WholeRun::Letter& letter : whole.letters) EXPECT_EQ(letter.kind, FailureKind::shutdown);
  EXPECT_TRUE(whole.report.statistics.balanced(true));
}

// The tap's copy fails before the record itself has come to its end: the line is known to have failed only
// then.
TEST(Runner, CountsALineOfAnAnswerBeforeTheNextIsFed) {
  ScriptedHost host;
  host.file("-", "1\n2\n3\n");
  host.answer(answers(ms(10), "", 1));
  const WholeRun whole = run_whole("--max-failures 0 tap --exec x", host);
  EXPECT_EQ(host.requests().size(), 1u);
  EXPECT_EQ(whole.report.statistics.ledger.lines, 1u);
  EXPECT_TRUE(whole.report.ending.stopped_by_failures);
}

}  // namespace
}  // namespace sz::run
