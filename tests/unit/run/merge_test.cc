// merge: several inputs at once, by arrival and by time.
#include <algorithm>
#include <csignal>
#include <random>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

/// What comes out, on one line.
std::string shown(const ScriptedHost& host) {
  std::string all = host.output();
  std::ranges::replace(all, '\n', ' ');
  return all;
}

TEST(Merge, PassesOnWhatArrives) {
  ScriptedHost host;
  host.piece("a", ms(10), "1\n");
  host.piece("a", ms(40), "4\n");
  host.piece("b", ms(20), "2\n3");
  host.piece("b", ms(30), "3\n");
  host.end_at("a", ms(100));
  const WholeRun run = run_whole("merge a b", host);
  EXPECT_EQ(shown(host), "1 2 33 4 ");
  ASSERT_EQ(run.events.size(), 2U);
  EXPECT_TRUE(run.events[0].ends_with(R"("event":"input_ended","src":"b"})"
                                      "\n"))
      << run.events[0];
  EXPECT_TRUE(run.events[1].ends_with(R"("event":"input_ended","src":"a"})"
                                      "\n"))
      << run.events[1];
  ASSERT_EQ(host.writes().size(), 4U);
  EXPECT_EQ(host.writes()[1].after, ms(20));
}

TEST(Merge, FilesTakeTurns) {
  ScriptedHost host;
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "\"aaaaaaaa\"\n";
  host.file("a", many);
  host.file("b", "\"b\"\n");
  host.piece("c", ms(0), "\"c\"\n");
  run_whole("-j 1 merge a b c", host);
  const std::size_t b = host.output().find('b'), c = host.output().find('c');
  EXPECT_GT(b, 0U);
  EXPECT_LT(b, std::size_t{300} << 10);
  EXPECT_LT(c, std::size_t{300} << 10);
}

TEST(Merge, CountsLinesAndOffsetsByFile) {
  ScriptedHost host;
  host.file("a", "1\nbad\n");
  host.piece("b", ms(1), "2\n");
  host.piece("b", ms(2), "3\nworse\n");
  const WholeRun run = run_whole("merge a b", host);
  ASSERT_EQ(run.letters.size(), 2U);
  EXPECT_EQ(run.letters[0], (WholeRun::Letter{2, "input", FailureKind::parse, "bad"}));
  EXPECT_EQ(run.letters[1], (WholeRun::Letter{3, "input", FailureKind::parse, "worse"}));
}

TEST(Merge, GoesOnWithoutAFileThatFails) {
  ScriptedHost host;
  host.piece("a", ms(1), "1\n");
  host.fail_at_end("a", "Input/output error");
  host.piece("b", ms(2), "2\n");
  const WholeRun run = run_whole("merge a none b", host);
  EXPECT_EQ(shown(host), "1 2 ");
  EXPECT_EQ(run.report.input_errors, (std::vector<std::string>{"cannot read none: No such file or directory",
                                                               "cannot read a: Input/output error"}));
}

TEST(Merge, ASignalCutsAllOfThem) {
  ScriptedHost host;
  host.piece("a", ms(1), "1\n\"un");
  host.end_at("a", ms(1000));
  host.piece("b", ms(1), "2\n\"fin");
  host.end_at("b", ms(1000));
  host.signal(ms(10), SIGTERM);
  const WholeRun run = run_whole("merge a b", host);
  EXPECT_EQ(shown(host), "1 2 ");
  ASSERT_EQ(run.letters.size(), 2U);
  EXPECT_EQ(run.letters[0], (WholeRun::Letter{2, "input", FailureKind::shutdown, "\"un"}));
  EXPECT_EQ(run.letters[1], (WholeRun::Letter{2, "input", FailureKind::shutdown, "\"fin"}));
  EXPECT_TRUE(run.report.statistics.balanced(true));
}

TEST(MergeByTime, IsInTheOrderOfTheTimes) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":4}\n{\"t\":4.5}\n");
  host.piece("b", ms(50), "{\"t\":2}\n{\"t\":3}\n");
  host.piece("b", ms(90), "{\"t\":9}\n");
  run_whole("--time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 2 3 4 4.5 9 ");
}

TEST(MergeByTime, EqualTimesAreInTheOrderOfTheFiles) {
  ScriptedHost host;
  host.piece("b", ms(1), "{\"t\":1,\"f\":\"b\"}\n{\"t\":1,\"f\":\"b2\"}\n");
  host.piece("a", ms(9), "{\"t\":1,\"f\":\"a\"}\n{\"t\":1,\"f\":\"a2\"}\n");
  run_whole("-r --time .t merge --by-time a b then map .f", host);
  EXPECT_EQ(shown(host), "a a2 b b2 ");
}

TEST(MergeByTime, ASilentFileHoldsTheOthers) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":2}\n");
  host.piece("b", ms(500), "{\"t\":1.5}\n");
  run_whole("--time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 1.5 2 ");
  EXPECT_EQ(host.writes().front().after, ms(500));
}

TEST(MergeByTime, UntilTheIdleTimeout) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":2}\n");
  host.piece("b", ms(500), "{\"t\":1.5}\n");
  host.end_at("b", ms(900));
  const WholeRun run = run_whole("--idle-timeout 200ms --time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 2 1.5 ");
  EXPECT_EQ(host.writes().front().after, ms(200));
  EXPECT_TRUE(run.letters.empty());
}

TEST(MergeByTime, IdleWithNothingHeldClosesGroups) {
  ScriptedHost host;
  host.piece("a", ms(0), "{\"t\":1}\n");
  host.piece("b", ms(0), "{\"t\":2}\n");
  host.end_at("a", ms(5000));
  host.end_at("b", ms(5000));
  run_whole("--idle-timeout 100ms --time .t merge --by-time a b then map .t then batch --size 9", host);
  EXPECT_EQ(shown(host), "[1,2] ");
  EXPECT_EQ(host.writes().front().after, ms(200)) << "first for b's next record, then for any";
}

TEST(MergeByTime, LinesThatAreNoRecordsFailAndBlankOnesCount) {
  ScriptedHost host;
  host.file("a", "bad\n\n{\"t\":2}\n{\"no\":1}\n");
  host.file("b", "\n{\"t\":1}\n");
  const WholeRun run = run_whole("--time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 2 ");
  ASSERT_EQ(run.letters.size(), 2U);
  EXPECT_EQ(run.letters[0], (WholeRun::Letter{1, "input", FailureKind::parse, "bad"}));
  EXPECT_EQ(run.letters[1], (WholeRun::Letter{4, "input", FailureKind::time, "{\"no\":1}"}));
  const Ledger& ledger = run.report.statistics.ledger;
  EXPECT_EQ(ledger.lines, 6U);
  EXPECT_EQ(ledger.blank, 2U);
  EXPECT_TRUE(run.report.statistics.balanced(true));
}

TEST(MergeByTime, MaxAheadIsForAllTogether) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":100}\n{\"t\":3}\n");
  host.file("b", "{\"t\":2}\n{\"t\":2.5}\n");
  const WholeRun run = run_whole("--max-ahead 10s --time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 2 2.5 3 ");
  ASSERT_EQ(run.letters.size(), 1U);
  EXPECT_EQ(run.letters[0].kind, FailureKind::time);
}

TEST(MergeByTime, WhatNobodyWantsIsNotFed) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":3}\n");
  host.file("b", "{\"t\":2}\n{\"t\":4}\n");
  const WholeRun run = run_whole("--time .t merge --by-time a b then take 2 then map .t", host);
  EXPECT_EQ(shown(host), "1 2 ");
  EXPECT_EQ(run.report.statistics.ledger.lines, 2U);
  EXPECT_TRUE(run.report.statistics.balanced(true));
}

TEST(MergeByTime, ASignalLetsOutWhatIsThere) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":3}\n");
  host.piece("b", ms(1), "{\"t\":2}\n{\"t\"");
  host.end_at("b", ms(1000));
  host.signal(ms(10), SIGINT);
  const WholeRun run = run_whole("--time .t merge --by-time a b then map .t", host);
  EXPECT_EQ(shown(host), "1 2 3 ");
  ASSERT_EQ(run.letters.size(), 1U);
  EXPECT_EQ(run.letters[0], (WholeRun::Letter{2, "input", FailureKind::shutdown, "{\"t\""}));
}

TEST(MergeByTime, WhatIsLeftAtTheDrainTimeoutFails) {
  ScriptedHost host;
  host.file("a", "{\"t\":1}\n{\"t\":3}\n");
  host.file("b", "{\"t\":2}\nbad\n{\"t\":4}\n");
  host.signal(ms(10), SIGINT);
  const WholeRun run = run_whole(
      "--drain-timeout 20ms --time .t merge --by-time a b then throttle --rate 1/s --burst 1 then map .t",
      host);
  EXPECT_EQ(shown(host), "1 ");
  EXPECT_EQ(run.letters.size(), 4U);
  EXPECT_TRUE(run.report.statistics.balanced(true));
}

// Against a sort, whatever the reads and arrivals were.
TEST(MergeByTime, IsAStableSortOfFilesInOrder) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
    const int files = 1 + below(4);
    std::vector<std::pair<int, std::string>> all;  // time and record, in the order of the files
    std::vector<std::string> texts(static_cast<std::size_t>(files));
    std::string words = "--time .t merge --by-time";
    for (int f = 0; f < files; ++f) {
      words += fmt::format(" f{}", f);
      int t = 0;
      for (int n = below(12); n > 0; --n) {
        t += below(4);
        all.emplace_back(t, fmt::format(R"({{"t":{},"f":{},"n":{}}})", t, f, n));
        texts[static_cast<std::size_t>(f)] += all.back().second + '\n';
      }
    }
    std::ranges::stable_sort(all, {}, &std::pair<int, std::string>::first);
    std::string wanted;
    for (const auto& [t, text] : all) wanted += text + '\n';
    for (const std::size_t reads : {0U, 1U, 7U}) {
      ScriptedHost host;
      for (int f = 0; f < files; ++f) {
        const std::string& text = texts[static_cast<std::size_t>(f)];
        const std::size_t cut = text.empty() ? 0 : random() % text.size();
        host.piece(fmt::format("f{}", f), ms(below(50)), text.substr(0, cut));
        host.piece(fmt::format("f{}", f), ms(50 + below(50)), text.substr(cut));
      }
      host.limit_reads(reads);
      const WholeRun run = run_whole(words, host);
      EXPECT_EQ(host.output(), wanted) << "seed " << seed << ", reads of " << reads;
      EXPECT_TRUE(run.report.statistics.balanced(true));
    }
  }
}

}  // namespace
}  // namespace sz::run
