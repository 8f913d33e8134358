#include "json/write.h"

#include <string>

#include <gtest/gtest.h>

#include "json/document.h"

namespace sz::json {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}
std::string compact(std::string_view text) {
  Document document;
  std::string out;
  append_compact(out, document.parse(text).value());
  return out;
}
std::string canonical(std::string_view text) {
  Document document;
  std::string out;
  append_canonical(out, document.parse(text).value());
  return out;
}

TEST(Write, String) {
  EXPECT_EQ(written(""), "\"\"");
  EXPECT_EQ(written("plain text, /slash/ é € 😀"), "\"plain text, /slash/ é € 😀\"");
  EXPECT_EQ(written("\"\\\b\f\n\r\t"), "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
  EXPECT_EQ(written(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\\u007f\"");
  EXPECT_EQ(written("\u0080\u2028"), "\"\u0080\u2028\"");
}

TEST(Write, StringFindsEverySpecialByteAtEveryPlace) {
  for (int c = 0; c < 128; ++c) {
    const std::string one = written(std::string(1, static_cast<char>(c)));
    for (std::size_t n = 0; n < 20; ++n) {
      for (std::size_t after : {0U, 1U, 9U}) {
        const std::string text = std::string(n, 'a') + static_cast<char>(c) + std::string(after, '~');
        std::string want(1, '"');
        want.append(n, 'a').append(one, 1, one.size() - 2).append(after, '~');
        want += '"';
        EXPECT_EQ(written(text), want);
      }
    }
  }
}

// Both ways, at and across the pieces of the second.
TEST(Write, Utf8StringIsTheSame) {
  const auto fast = [](std::string_view text) {
    std::string out = "before";
    append_utf8_string(out, text);
    return out.substr(6);
  };
  for (int c = 0; c < 128; ++c)
    for (std::size_t n = 0; n < 20; ++n)
      for (std::size_t after : {0U, 1U, 9U}) {
        const std::string text = std::string(n, 'a') + static_cast<char>(c) + std::string(after, '~');
        ASSERT_EQ(fast(text), written(text));
      }
  std::string mixed;
  for (int i = 0; mixed.size() < 20'000; ++i) {
    mixed += "é\"€\\😀";
    mixed.append(static_cast<std::size_t>(i % 13), static_cast<char>(i % 128));
    ASSERT_EQ(fast(mixed), written(mixed)) << mixed.size();
    if (i % 7 == 0) mixed.append(997, 'x');
  }
}

TEST(Write, StringReplacesBadUtf8) {
  EXPECT_EQ(written("a\xff"), "\"a\uFFFD\"");
  EXPECT_EQ(written("\xe2\x82x"), "\"\uFFFDx\"");
  EXPECT_EQ(written("\xf0\x9f\x98"), "\"\uFFFD\"");
  EXPECT_EQ(written("\xc0\x80"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xc3\xa9\xc3"), "\"é\uFFFD\"");
}

TEST(Write, Compact) {
  EXPECT_EQ(compact(" [ 1 , \"a b\" , { \"k\" : null } , [ ] , { } ] "), "[1,\"a b\",{\"k\":null},[],{}]");
  EXPECT_EQ(compact("[9007199254740993, 1.10, 12345678901234567890123, 1E5, -0]"),
            "[9007199254740993,1.10,12345678901234567890123,1E5,-0]");
  EXPECT_EQ(compact("\"\\u0041\\/\""), "\"\\u0041\\/\"");
  EXPECT_EQ(compact("{\"a\":1,\"b\":2,\"a\":3}"), "{\"a\":3,\"b\":2}");
  EXPECT_EQ(compact("{\"a\":1,\"b\":2,\"\\u0061\":[ 3 ]}"), "{\"a\":[3],\"b\":2}");
  EXPECT_EQ(compact("{\"x\":{\"a\":1,\"a\":{\"b\":1,\"b\":2}}}"), "{\"x\":{\"a\":{\"b\":2}}}");
}

TEST(Write, CompactManyMembers) {
  std::string text(1, '{'), want(1, '{');
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text.append("\"k").append(n).append("\": ").append(n).append(", ");
    want.append(i != 0 ? ",\"k" : "\"k").append(n).append("\":").append(i == 7 ? "700" : n);
  }
  EXPECT_EQ(compact(text + "\"k7\": 700}"), want + "}");
}

TEST(Write, CanonicalSortsAndReduces) {
  EXPECT_EQ(canonical("{\"b\":1,\"a\":2}"), canonical("{ \"a\":2, \"b\":1.0 }"));
  EXPECT_EQ(canonical("{\"b\":1,\"a\":2,\"b\":3}"), "{\"a\":2,\"b\":3}");
  EXPECT_EQ(canonical("{\"\\u0062\":\"\\u0041\\/\"}"), "{\"b\":\"A/\"}");
  EXPECT_EQ(canonical("{\"😀\":1,\"\\uffff\":2,\"z\":3}"), "{\"z\":3,\"\uffff\":2,\"😀\":1}");
  EXPECT_EQ(canonical("[ true , false , null , [ ] , { } ]"), "[true,false,null,[],{}]");
}

TEST(Write, CanonicalNumbers) {
  for (const char* one : {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.00", "100E-2"})
    EXPECT_EQ(canonical(one), "1") << one;
  for (const char* zero : {"0", "-0", "0.0", "0e5", "-0.0e-5", "1e-400", "-1e-400"})
    EXPECT_EQ(canonical(zero), "0") << zero;
  for (const char* text : {"1e18", "1000000000000000000", "1000000000000000000.0", "10e17"})
    EXPECT_EQ(canonical(text), "1000000000000000000") << text;
  EXPECT_EQ(canonical("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(canonical("9223372036854775807.0"), "9223372036854775807");
  EXPECT_EQ(canonical("-9223372036854775808"), canonical("-9223372036854775808.0"));
  EXPECT_EQ(canonical("100000000000000000000"), canonical("1e20"));
  EXPECT_NE(canonical("12345678901234567890123"), canonical("12345678901234567890124"));
  EXPECT_EQ(canonical("12345678901234567890123"), "12345678901234567890123");
  EXPECT_EQ(canonical("0.10"), canonical("1e-1"));
  EXPECT_EQ(canonical("0.1"), "0.1");
  EXPECT_EQ(canonical("-1.50"), "-1.5");
  EXPECT_NE(canonical("1e400"), canonical("1e401"));
}

}  // namespace
}  // namespace sz::json
