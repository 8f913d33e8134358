#include "run/statistics.h"

#include <csignal>
#include <vector>

#include <gtest/gtest.h>

#include "run/whole_run.h"

namespace sz::run {
namespace {

Statistics sample() {
  Statistics s;
  s.ledger.lines = 10;
  s.ledger.blank = 1;
  s.ledger.settle_line(Verdict::out, 4);
  s.ledger.settle_line(Verdict::failed, 2);
  s.ledger.settle_line(Verdict::dropped, 3);
  Statistics::StageAccount stage{.name = "throttle", .index = 1, .counts = {}, .held = 0};
  stage.counts.in = 7;
  stage.counts.out = 4;
  stage.counts.dropped = 3;
  stage.counts.reasons["throttled"] = 3;
  s.stages.push_back(stage);
  s.records_out = 4;
  s.bytes_in = 123;
  s.elapsed = Duration{1'500'000'000};
  return s;
}

TEST(Statistics, BothSumsAreChecked) {
  EXPECT_TRUE(sample().balanced(true));
  Statistics lost_line = sample();
  ++lost_line.ledger.lines;
  EXPECT_FALSE(lost_line.balanced(true));
  EXPECT_TRUE(lost_line.balanced(false));
  Statistics lost_record = sample();
  ++lost_record.stages[0].counts.in;
  EXPECT_FALSE(lost_record.balanced(false));
  lost_record.stages[0].held = 1;
  EXPECT_TRUE(lost_record.balanced(true));
}

TEST(Statistics, Json) {
  EXPECT_EQ(
      sample().json(),
      R"({"lines":{"in":10,"blank":1,"out":4,"merged":0,"filtered":0,"dropped":3,"failed":2,"held":0,"caught":0},"stages":[)"
      R"({"stage":"throttle","index":1,"depth":0,"in":7,"made":0,"out":4,"merged":0,"filtered":0,"dropped":3,"failed":0,"held":0,)"
      R"("reasons":{"throttled":3},"evicted":0}],"records_out":4,"bytes_in":123,"elapsed_ns":1500000000})"
      "\n");
}

TEST(Statistics, Prometheus) {
  const std::string text = sample().prometheus();
  for (const char* line : {"# TYPE sz_lines_total counter\n", "sz_lines_total{fate=\"failed\"} 2\n",
                           "sz_stage_records_total{stage=\"throttle\",index=\"1\",kind=\"dropped\"} 3\n",
                           "# TYPE sz_stage_dropped_total counter\n",
                           "sz_stage_dropped_total{stage=\"throttle\",index=\"1\",reason=\"throttled\"} 3\n",
                           "sz_input_bytes_total 123\n", "sz_run_seconds 1.500\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line;
}

TEST(Statistics, AreHandedOutEachTenSecondsAndAtTheSignalAlsoWhileNothingComes) {
  ScriptedHost host;
  host.piece("-", Duration{0}, "1\n");
  host.piece("-", Duration{12'000'000'000}, "2\n3\n");
  host.end_at("-", Duration{45'000'000'000});
  host.signal(Duration{25'000'000'000}, SIGUSR1);
  std::vector<std::pair<std::int64_t, std::uint64_t>> seen;  // seconds, lines
  run_whole("filter .", host, {}, {.statistics = [&](const Statistics& now) {
              seen.emplace_back(host.elapsed().ns / 1'000'000'000, now.ledger.lines);
              EXPECT_EQ(now.stages.size(), 1u);
            }});
  EXPECT_EQ(seen, (std::vector<std::pair<std::int64_t, std::uint64_t>>{
                      {10, 1}, {20, 3}, {25, 3}, {30, 3}, {40, 3}}));
}

}  // namespace
}  // namespace sz::run
