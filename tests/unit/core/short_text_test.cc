#include "core/short_text.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "core/packed_time.h"

namespace sz {
namespace {

TEST(ShortText, HoldsTextOfAnyLength) {
  static_assert(sizeof(ShortText) == 16);
  ShortText text;
  EXPECT_EQ(text.view(), "");
  // Over the border from inside to outside, and back.
  for (const std::size_t size : {1U, 15U, 16U, 17U, 1000U, 14U, 16U, 0U, 15U}) {
    const std::string value(size, static_cast<char>('a' + size % 26));
    text.assign(value);
    EXPECT_EQ(text.view(), value);
    ShortText other(std::move(text));
    EXPECT_EQ(other.view(), value);
    text = std::move(other);
    EXPECT_EQ(text.view(), value);
  }
  const std::string zeros("\0a\0", 3);
  text.assign(zeros);
  EXPECT_EQ(text.view(), zeros);
}

TEST(PackedTime, IsTheSameInstant) {
  static_assert(sizeof(PackedTime) == 12);
  for (const char* text : {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z",
                           "1970-01-01T00:00:04.294967296Z", "2024-05-01T12:00:00.25Z",
                           "2554-07-21T23:34:34Z", "9999-12-31T23:59:59.999999999Z"}) {
    const Time t = *parse_rfc3339(text);
    EXPECT_EQ(Time(PackedTime(t)), t) << text;
    EXPECT_EQ(Time(PackedTime(t + Duration{INT64_MAX})), t + Duration{INT64_MAX}) << text;
    EXPECT_EQ(Time(PackedTime(t - Duration{INT64_MAX})), t - Duration{INT64_MAX}) << text;
  }
}

}  // namespace
}  // namespace sz
