#include "core/quantity.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

TEST(Count, IsAWholeNumber) {
  EXPECT_EQ(*parse_count("0"), 0u);
  EXPECT_EQ(*parse_count("18446744073709551615"), 18446744073709551615u);
  for (const char* text : {"", "-1", "1.5", "1k", " 1", "0x10", "18446744073709551616"})
    EXPECT_FALSE(parse_count(text)) << text;
}

TEST(Size, KnowsThousandsAnd1024s) {
  const struct {
    const char* text;
    std::uint64_t bytes;
  } cases[] = {{"4096", 4096},         {"64k", 64'000},       {"64Ki", 65'536}, {"1.5M", 1'500'000},
               {"2Gi", 2'147'483'648}, {"2G", 2'000'000'000}, {"0", 0},         {"0.5Ki", 512}};
  for (const auto& [text, bytes] : cases) {
    const auto size = parse_size(text);
    ASSERT_TRUE(size) << text;
    EXPECT_EQ(*size, bytes) << text;
  }
  for (const char* text : {"", "k", "1.5", "1kb", "-1", "1 k", "99999999999G"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Share, HasThreeSpellings) {
  EXPECT_DOUBLE_EQ(*parse_share("0.5"), 0.5);
  EXPECT_DOUBLE_EQ(*parse_share("50%"), 0.5);
  EXPECT_DOUBLE_EQ(*parse_share("1/2"), 0.5);
  EXPECT_DOUBLE_EQ(*parse_share("1"), 1.0);
  EXPECT_DOUBLE_EQ(*parse_share("100%"), 1.0);
  EXPECT_DOUBLE_EQ(*parse_share("0"), 0.0);
  for (const char* text : {"", "50", "1.01", "101%", "3/2", "1/0", "x", "-0.1", "1/", "%"})
    EXPECT_FALSE(parse_share(text)) << text;
}

TEST(Rate, IsEventsATime) {
  EXPECT_DOUBLE_EQ(parse_rate("50/s")->events, 50);
  EXPECT_EQ(parse_rate("50/s")->per.ns, 1'000'000'000);
  EXPECT_DOUBLE_EQ(parse_rate("0.5/m")->events, 0.5);
  EXPECT_EQ(parse_rate("0.5/m")->per.ns, 60'000'000'000);
  EXPECT_EQ(parse_rate("1/d")->per.ns, 86'400'000'000'000);
  EXPECT_EQ(parse_rate("3/w")->per.ns, 604'800'000'000'000);
  EXPECT_EQ(parse_rate("3/us")->per.ns, 1'000);
  for (const char* text : {"", "50", "50/", "/s", "0/s", "50/x", "-1/s", "50 /s", "50/sec"})
    EXPECT_FALSE(parse_rate(text)) << text;
}

}  // namespace
}  // namespace sz
