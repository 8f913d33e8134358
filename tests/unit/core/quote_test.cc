#include "core/quote.h"

#include <gtest/gtest.h>

#include "json/utf8.h"

namespace sz {
namespace {

TEST(Quote, ShowsForeignTextSafely) {
  const struct {
    std::string_view text, shown;
  } cases[] = {{"plain é 😋", "plain é 😋"},
               {"a\nb\r\tc", "a\\nb\\r\\tc"},
               {"\x1b[31mred\x1b[0m", "\\x1B[31mred\\x1B[0m"},
               {"\x7f", "\\x7F"},
               {"\xc2\x9b"
                "31m",
                "\\u{009B}31m"},
               {"a\xe2\x80\xae"
                "b",
                "a\\u{202E}b"},
               {"\xff\xc0\x80", "\\xFF\\xC0\\x80"},
               {"\xed\xa0\x80", "\\xED\\xA0\\x80"},
               {std::string_view("\0", 1), "\\x00"},
               {"\xef\xbb\xbf", "\\u{FEFF}"}};
  for (const auto& [text, shown] : cases) EXPECT_EQ(quote(text), shown);
}

TEST(Quote, KeepsJsonWhatItIs) {
  EXPECT_EQ(quote_json("{\"a\":\"é\xe2\x80\xae\xc2\x85\x7f\xf3\xa0\x81\x81\"}\n"),
            "{\"a\":\"é\\u202E\\u0085\\u007F\\uDB40\\uDC41\"}\n");
}

TEST(Quote, CutsAtACharacter) {
  EXPECT_EQ(quote("abcdef", 4), "abcd...");
  EXPECT_EQ(quote("aéé", 4), "aé...");
  EXPECT_EQ(quote("abcd", 4), "abcd");
}

TEST(Utf8, KnowsWhatIsValid) {
  for (const char* good : {"", "a", "é", "€", "😋", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(json::is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "a\xe2\x82"})
    EXPECT_FALSE(json::is_utf8(bad));
}

}  // namespace
}  // namespace sz
