#include "json/number.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace sz::json {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

std::string printed(double d) {
  std::string out;
  append_number(out, d);
  return out;
}

TEST(Number, Integers) {
  for (const std::int64_t i :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{9007199254740993},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    const Number n = to_number(std::to_string(i));
    EXPECT_TRUE(n.integer);
    EXPECT_EQ(n.i, i);
    EXPECT_EQ(n.d, static_cast<double>(i));
  }
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "1.0", "1e2", "-0", "0.0"}) {
    EXPECT_FALSE(to_number(text).integer) << text;
  }
  EXPECT_TRUE(std::signbit(to_number("-0").d));
}

TEST(Number, Doubles) {
  for (const char* text : {"9223372036854775808", "1.0", "1e2", "0.1", "-0.1", "1.7976931348623157e308",
                           "5e-324", "2.2250738585072011e-308", "123456789012345678901234567890", "1E+2",
                           "9007199254740993.0", "0e999999"}) {
    EXPECT_EQ(to_number(text).d, std::strtod(text, nullptr)) << text;
  }
  EXPECT_EQ(to_number("1e400").d, largest);
  EXPECT_EQ(to_number("-1e400").d, -largest);
  EXPECT_EQ(to_number("1e-400").d, 0.0);
  EXPECT_TRUE(std::signbit(to_number("-1e-400").d));
  EXPECT_EQ(to_number("1e99999999999999999999999").d, largest);
  EXPECT_EQ(to_number("1e-99999999999999999999999").d, 0.0);
  EXPECT_EQ(to_number("0e99999999999999999999999").d, 0.0);
  EXPECT_EQ(to_number("0.00000000000000000000000000000000000000000000000001e450").d, largest);
  EXPECT_EQ(to_number(std::string(400, '9')).d, largest);
  EXPECT_EQ(to_number("0." + std::string(400, '0') + "1").d, 0.0);
}

TEST(Number, ParseNumber) {
  for (const char* text : {"0", "-1", "1.5", "1e5", "-0.0E-7"}) EXPECT_TRUE(parse_number(text)) << text;
  for (const char* text : {"", "-", "+1", "01", "1.", ".5", "1e", "0x1", " 1", "1 ", "1\n", "nan", "true",
                           "1,2", "[1]", "\"1\"", "1 2", "infinity"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

// The right column is what `jq -c` printed for the left one.
TEST(Number, PrintsAsJq) {
  const struct {
    double d;
    const char* text;
  } cases[] = {{0, "0"},
               {-0.0, "-0"},
               {1, "1"},
               {-1, "-1"},
               {3.0, "3"},
               {0.1, "0.1"},
               {1e15, "1000000000000000"},
               {1e16, "1e+16"},
               {1e17, "1e+17"},
               {123456789012345678.0, "123456789012345680"},
               {1.5e17, "1.5e+17"},
               {1.2345e20, "1.2345e+20"},
               {1e-4, "0.0001"},
               {1e-5, "1e-05"},
               {1e-7, "1e-07"},
               {1.5e-5, "1.5e-05"},
               {0.00012, "0.00012"},
               {0.000012, "1.2e-05"},
               {1e100, "1e+100"},
               {1e300, "1e+300"},
               {5e-324, "5e-324"},
               {largest, "1.7976931348623157e+308"},
               {1.25e22, "1.25e+22"},
               {12345678909876543212345.0, "12345678909876543000000"},
               {0.1 + 0.2, "0.30000000000000004"},
               {-123.456, "-123.456"},
               {9007199254740993.0, "9007199254740992"},
               {999999999999999.9, "999999999999999.9"}};
  for (const auto& c : cases) EXPECT_EQ(printed(c.d), c.text);
  EXPECT_EQ(printed(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(printed(std::numeric_limits<double>::infinity()), "1.7976931348623157e+308");
  EXPECT_EQ(printed(-std::numeric_limits<double>::infinity()), "-1.7976931348623157e+308");
}

TEST(Number, PrintedReadsBack) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200000; ++i) {
    double d;
    std::uint64_t bits = random();
    std::memcpy(&d, &bits, sizeof d);
    if (!std::isfinite(d)) continue;
    if (i % 2 != 0)
      d = std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 120) - 90);
    const std::string text = printed(d);
    const auto n = parse_number(text);
    ASSERT_TRUE(n) << text;
    ASSERT_EQ(n->d, d) << text;
  }
}

}  // namespace
}  // namespace sz::json
