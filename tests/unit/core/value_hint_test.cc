#include "core/value_hint.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

std::string meant(std::string_view text) { return "did you mean \"" + std::string(text) + "\"?"; }

TEST(ValueHint, WhatIsMeantIsAValue) {
  EXPECT_EQ(value_hint(ValueType::duration, "5"), meant("5s"));
  EXPECT_EQ(value_hint(ValueType::duration, "5sec"), meant("5s"));
  EXPECT_EQ(value_hint(ValueType::duration, "2 Minutes"), meant("2m"));
  EXPECT_EQ(value_hint(ValueType::duration, "1hour30min"), meant("1h30m"));
  EXPECT_EQ(value_hint(ValueType::duration, "1.5 h"), meant("1.5h"));
  EXPECT_EQ(value_hint(ValueType::rate, "10"), meant("10/s"));
  EXPECT_EQ(value_hint(ValueType::rate, "10 / second"), meant("10/s"));
  EXPECT_EQ(value_hint(ValueType::rate, "10/hr"), meant("10/h"));
  EXPECT_EQ(value_hint(ValueType::share, "10"), meant("10%"));
  EXPECT_EQ(value_hint(ValueType::share, "10 %"), meant("10%"));
  EXPECT_EQ(value_hint(ValueType::size, "10MB"), meant("10M"));
  EXPECT_EQ(value_hint(ValueType::size, "64 kib"), meant("64Ki"));
  EXPECT_EQ(value_hint(ValueType::count, "1,000"), meant("1000"));
  EXPECT_EQ(value_hint(ValueType::count, "1_000"), meant("1000"));
  EXPECT_EQ(value_hint(ValueType::count, "10k"), meant("10000"));
  EXPECT_EQ(value_hint(ValueType::count, "-5"), meant("5"));
}

TEST(ValueHint, NothingIsMadeUp) {
  for (const auto type :
       {ValueType::duration, ValueType::rate, ValueType::share, ValueType::size, ValueType::count})
    for (const std::string_view text :
         {"", " ", "x", "--1", "1m1s1s", "1.2.3", "\x01", "5 parsecs", "/", "%", "200%%"})
      EXPECT_EQ(value_hint(type, text), "") << text;
  EXPECT_EQ(value_hint(ValueType::share, "101"), "");
  EXPECT_EQ(value_hint(ValueType::choice, "5"), "");
}

}  // namespace
}  // namespace sz
