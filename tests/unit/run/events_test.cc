#include "run/events.h"

#include <gtest/gtest.h>

#include "core/stage.h"
#include "run/whole_run.h"

namespace sz::run {
namespace {

constexpr Duration ms(std::int64_t n) { return {n * 1'000'000}; }

TEST(Events, OneLineWithWhatEveryEventHasAndItsOwnFields) {
  std::string out;
  append_event(out,
               {.kind = "signal",
                .clock = {},
                .fields = {{"text", "a \"b\"\n"},
                           {"number", std::uint64_t{7}},
                           {"key", JsonText{R"({"a":1})"}},
                           {"at", Time() + ms(1500)},
                           {"span", ms(250)}}},
               "0123", "1970-01-01T00:00:01Z");
  EXPECT_EQ(
      out,
      R"({"v":1,"ts":"1970-01-01T00:00:01Z","run":"0123","event":"signal","text":"a \"b\"\n","number":7,)"
      R"("key":{"a":1},"at":"1970-01-01T00:00:01.5Z","span":0.25})"
      "\n");
}

TEST(Events, TellWhichBatchWasClosedWhyAndWhen) {
  ScriptedHost host;
  host.piece("-", ms(0), "{\"t\":1,\"k\":\"a\"}\n{\"t\":2,\"k\":\"b\"}\n{\"t\":9,\"k\":\"a\"}\n");
  const WholeRun whole = run_whole("--time .t batch --every 5s --by .k", host);
  EXPECT_EQ(whole.event_kinds(),
            (std::vector<std::string>{
                R"(group_closed batch 1 1970-01-01T00:00:06Z "reason":"every","count":1,"key":"a")",
                R"(group_closed batch 1 1970-01-01T00:00:07Z "reason":"every","count":1,"key":"b")",
                R"(group_closed batch 1 1970-01-01T00:00:09Z "reason":"end","count":1,"key":"a")"}));
}

TEST(Events, TellOfKeysThatWentAndRecordsThatWereShed) {
  ScriptedHost host;
  host.file("-", "1\n2\n2\n");
  const WholeRun evicted = run_whole("dedupe --max-keys 1", host);
  EXPECT_EQ(evicted.event_kinds(), (std::vector<std::string>{R"(evicted dedupe 1 - "key":1)"}));
  ScriptedHost other;
  other.file("-", "1\n2\n");
  const WholeRun shed = run_whole("throttle --rate 1/s --mode drop", other);
  EXPECT_EQ(shed.event_kinds(),
            (std::vector<std::string>{R"(dropped throttle 1 - "reason":"throttled","line":2)"}));
}

TEST(Events, DuplicatesAreWhatWasAskedForAndNoEvent) {
  ScriptedHost host;
  host.file("-", "1\n1\n1\n");
  EXPECT_TRUE(run_whole("dedupe", host).event_kinds().empty());
}

TEST(Events, TellOfSignals) {
  ScriptedHost host;
  host.piece("-", ms(0), "1\n");
  host.piece("-", ms(5000), "2\n");
  host.signal(ms(100), SIGTERM);
  EXPECT_EQ(run_whole("filter .", host).event_kinds(),
            (std::vector<std::string>{R"(signal - - - "signal":"SIGTERM")"}));
}

}  // namespace
}  // namespace sz::run
