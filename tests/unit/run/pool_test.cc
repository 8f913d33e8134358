#include <array>
#include <atomic>
#include <new>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

/// Lines of all fates, enough for many blocks.
std::string mixed_input() {
  std::string input;
  for (int i = 0; i < 60'000; ++i) {
    const std::string n = std::to_string(i);
    if (i % 97 == 0)
      input += "broken " + n + "\n";
    else if (i % 89 == 0)
      input += "\n";
    else if (i % 83 == 0)
      input += "{\"n\":\"text\",\"pad\":\"" + std::string(static_cast<std::size_t>(i % 300), 'x') + "\"}\n";
    else
      input += "{\"n\":" + n + ",\"k\":[" + n + ",{\"a\":" + n + "}],\"pad\":\"" +
               std::string(static_cast<std::size_t>(i % 50), 'y') + "\"}\r\n";
  }
  return input;
}

struct Outcome {
  std::string output;
  std::vector<WholeRun::Letter> letters;
  std::array<std::uint64_t, verdicts> settled;
  std::uint64_t lines, blank;
  std::vector<std::string> stages;  ///< their accounts
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome(const std::string& words, const std::string& input, std::size_t reads) {
  ScriptedHost host;
  host.file("-", input);
  host.limit_reads(reads);
  WholeRun whole = run_whole(words, host);
  EXPECT_TRUE(whole.report.statistics.balanced(true)) << whole.report.statistics.text();
  const Ledger& ledger = whole.report.statistics.ledger;
  std::vector<std::string> stages;
  for (const auto& stage : whole.report.statistics.stages)
    stages.push_back(fmt::format("{} {} {}: {} {} {} {} {}", stage.index, stage.depth, stage.name,
                                 stage.counts.in, stage.counts.made, stage.counts.out, stage.counts.filtered,
                                 stage.counts.failed));
  return {host.output(), std::move(whole.letters), ledger.settled, ledger.lines,
          ledger.blank,  std::move(stages)};
}

// The order of letters is part of it: the join brings them in the order of the input.
TEST(Pool, ThreadsAndReadsDoNotShow) {
  const std::string input = mixed_input();
  for (const std::string pipeline :
       {"filter .n%3==0", "map {n:.n,p:.pad}", "filter .n%2==0 then batch --size 7 then map length",
        "map .k,.n then filter .!=null then chunk 3", "map .k then flatten then dedupe",
        "flatten .k then filter type==\"object\"", "map input_line_number",
        "filter .n? then map [input_line_number,.n?]", "switch .n%2==0 [ map [input_line_number] ]",
        "map {k} then tap --to copy then skip 5",
        "switch .n%2==0 [ map .k ] .n%3==0 [ map .n,.k ] else [ filter .pad!=\"\" ]",
        "partition --by .n -n 4 [ map {n,k} then filter .n%5>0 ] then batch --size 5",
        "partition --round-robin -n 3 [ map .n+1 ]",
        "map . then fanout [ map .n+1 ] [ switch --all .n%2==0 [ ] true [ map .k[1] ] ] then filter . then "
        "skip 1",
        "fanout [ map .n+1 ] [ tap --to copy ]", "partition --by .n -n 2 [ dedupe --by .n%7 ]"}) {
    const Outcome alone = outcome("-j 1 " + pipeline, input, 0);
    EXPECT_FALSE(alone.output.empty()) << pipeline;
    for (const std::string threads : {"-j 2 ", "-j 4 "})
      for (const std::size_t reads : {std::size_t{0}, std::size_t{1000}}) {
        if (SZ_SANITIZED && (threads == "-j 2 ") == (reads == 0)) continue;  // time
        const Outcome pooled = outcome(threads + pipeline, input, reads);
        EXPECT_TRUE(pooled.output == alone.output) << threads << pipeline;
        EXPECT_TRUE(pooled.letters == alone.letters) << threads << pipeline;
        EXPECT_EQ(pooled.settled, alone.settled) << threads << pipeline;
        EXPECT_EQ(pooled.stages, alone.stages) << threads << pipeline;
        EXPECT_EQ(pooled.lines, alone.lines) << threads << pipeline;
        EXPECT_EQ(pooled.blank, alone.blank) << threads << pipeline;
      }
  }
}

TEST(Pool, CarriesTheClockOfFilteredRecords) {
  std::string input;
  for (int i = 0; i < 40'000; ++i)
    input += "{\"t\":" + std::to_string(i) + ",\"keep\":" + (i % 100 < 2 ? "true" : "false") + "}\n";
  const std::string words = "--time .t filter .keep then batch --every 50s then map map(.t)";
  const Outcome alone = outcome("-j 1 " + words, input, 0);
  EXPECT_TRUE(outcome("-j 3 " + words, input, 0) == alone);
  EXPECT_TRUE(alone.output.starts_with("[0,1]\n[100,101]\n"));
}

TEST(Pool, AWorkersExceptionReachesTheCaller) {
  ScriptedHost host;
  host.file("-", mixed_input());
  const auto caller = std::this_thread::get_id();
  std::atomic<bool> elsewhere = false;
  const auto throws = [&](std::string_view) {
    elsewhere = std::this_thread::get_id() != caller;
    throw std::bad_alloc();
  };
  EXPECT_THROW(run_whole("-j 2 map debug", host, throws), std::bad_alloc);
  EXPECT_TRUE(elsewhere);
}

TEST(Pool, NumbersLinesFromOneInEachFile) {
  ScriptedHost host;
  std::string first = mixed_input();
  host.file("a", first + "{\"last\":");
  host.file("b", "oops\n1\n");
  const WholeRun whole = run_whole("-j 2 -i a -i b filter .n?", host);
  ASSERT_GE(whole.letters.size(), 2u);
  EXPECT_EQ(whole.letters.back().line, 1u);
  EXPECT_EQ(whole.letters[whole.letters.size() - 2].line, 60'001u);
}

}  // namespace
}  // namespace sz::run
