#include "core/time.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

TEST(Duration, ReadsWhatPeopleWrite) {
  const struct {
    const char* text;
    std::int64_t ns;
  } cases[] = {{"250ms", 250'000'000},
               {"1.5s", 1'500'000'000},
               {"1m30s", 90'000'000'000},
               {"2h", 7'200'000'000'000},
               {"1d", 86'400'000'000'000},
               {"1w", 604'800'000'000'000},
               {"1w2d3h", 788'400'000'000'000},
               {"1m1.5s", 61'500'000'000},
               {"0.1s", 100'000'000},
               {"0.3s", 300'000'000},
               {"1us", 1'000},
               {"7ns", 7},
               {"0.999999999999999999d", 86'399'999'999'999},
               {"0s", 0}};
  for (const auto& [text, ns] : cases) {
    const auto d = parse_duration(text);
    ASSERT_TRUE(d) << text;
    EXPECT_EQ(d->ns, ns) << text;
  }
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"",
                           "0",
                           "5",
                           "1.5",
                           "s",
                           "1x",
                           "-1s",
                           "1 s",
                           "1.s",
                           ".s",
                           "1s2",
                           "1e3s",
                           "300000d99999999999h",
                           "1S",
                           "9999999999999999999s",
                           "1s1s",
                           "30s1m",
                           "1.5m30s",
                           "1m1m",
                           "1ms1s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, PrintsWhatItReads) {
  for (const char* text : {"250ms", "1s500ms", "1m30s", "2h", "1d", "7ns", "1d2h3m4s5ms6us7ns"})
    EXPECT_EQ(to_string(*parse_duration(text)), text);
  EXPECT_EQ(to_string(Duration{0}), "0s");
}

TEST(Rfc3339, ReadsAndPrints) {
  const struct {
    const char* text;
    const char* utc;
  } cases[] = {{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
               {"2024-02-29t23:59:59z", "2024-02-29T23:59:59Z"},
               {"2024-05-01 12:00:00.250+02:00", "2024-05-01T10:00:00.25Z"},
               {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
               {"2017-01-01T05:29:60.5+05:30", "2017-01-01T00:00:00.5Z"},
               {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.52Z"},
               {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.87Z"},
               {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
               {"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"},
               {"2024-05-01T00:00:00.1234567899Z", "2024-05-01T00:00:00.123456789Z"},
               {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"}};
  for (const auto& [text, utc] : cases) {
    const auto t = parse_rfc3339(text);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(to_rfc3339(*t), utc);
  }
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "2024-05-01",
                           "2024-05-01T12:00Z",
                           "2024-13-01T00:00:00Z",
                           "2023-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2024-05-01T24:00:00Z",
                           "2024-05-01T12:60:00Z",
                           "2024-05-01T12:00:61Z",
                           "2016-12-31T12:00:60Z",
                           "2016-12-31T22:59:60Z",
                           "2016-12-31T23:59:60+01:00",
                           "1969-12-31T12:34:60Z",
                           "2024-05-01T12:00:00",
                           "2024-05-01T12:00:00.Z",
                           "2024-05-01T12:00:00+0200",
                           "2024-05-01T12:00:00Zx",
                           "0000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "20240501T120000Z",
                           "+2024-05-01T12:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Epoch, TakesTheUnitFromTheMagnitude) {
  const struct {
    const char* text;
    const char* utc;
  } cases[] = {{"0", "1970-01-01T00:00:00Z"},
               {"1714564800", "2024-05-01T12:00:00Z"},
               {"1714564800.25", "2024-05-01T12:00:00.25Z"},
               {"1714564800123", "2024-05-01T12:00:00.123Z"},
               {"1714564800123456", "2024-05-01T12:00:00.123456Z"},
               {"1714564800123456789", "2024-05-01T12:00:00.123456789Z"},
               {"-1", "1969-12-31T23:59:59Z"},
               {"-0.5", "1969-12-31T23:59:59.5Z"},
               {"1.7145648e9", "2024-05-01T12:00:00Z"},
               {"17145648e2", "2024-05-01T12:00:00Z"},
               {"99999999999", "5138-11-16T09:46:39Z"},
               {"100000000000", "1973-03-03T09:46:40Z"},
               {"0.0000000001", "1970-01-01T00:00:00Z"},
               {"1714564800.123456789123", "2024-05-01T12:00:00.123456789Z"}};
  for (const auto& [text, utc] : cases) {
    const auto t = parse_epoch(text);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(to_rfc3339(*t), utc) << text;
  }
}

TEST(Epoch, StaysWithinTheYears) {
  for (const char* text : {"1e30", "-99999999999", "999999999999999999999", "1e400", "x", ""})
    EXPECT_FALSE(parse_epoch(text)) << text;
}

TEST(Time, Saturates) {
  EXPECT_EQ(never + Duration{1}, never);
  EXPECT_EQ(never - Duration{1}, never);
  EXPECT_EQ(Time::min() + Duration{5}, Time::min());
  EXPECT_EQ((Time::max() - Time::min()).ns, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ((Time::from_ns(5) - Time::from_ns(7)).ns, -2);
}

}  // namespace
}  // namespace sz
