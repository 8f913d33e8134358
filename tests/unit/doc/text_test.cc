#include "doc/text.h"

#include <gtest/gtest.h>

namespace sz::doc {
namespace {

TEST(Text, Wrap) {
  EXPECT_EQ(wrap(""), "");
  EXPECT_EQ(wrap("one"), "one\n");
  EXPECT_EQ(wrap("one two three", 0, 7), "one two\nthree\n");
  EXPECT_EQ(wrap("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(wrap("one\ntwo\n\nthree", 0, 20), "one two\n\nthree\n");
  EXPECT_EQ(wrap("see:\n\n  as is   here\n\nend", 1, 15), " see:\n\n   as is   here\n\n end\n");
  EXPECT_EQ(wrap("  ab  one two three", 0, 13), "  ab  one two\n      three\n");
  EXPECT_EQ(wrap("  a term      one two three", 0, 20), "  a term\n      one two three\n");
  EXPECT_EQ(wrap("a_word_too_long b", 0, 5), "a_word_too_long\nb\n");
  EXPECT_EQ(wrap("\u00e9\u00e9\u00e9 b", 0, 5), "\u00e9\u00e9\u00e9 b\n");
}

TEST(Text, List) {
  EXPECT_EQ(list({{"-n N", "so many"}, {"--by EXPR", "the key"}}),
            "  -n N       so many\n  --by EXPR  the key\n");
  EXPECT_EQ(list({{"a", "one two three"}}, 2, 12), "  a  one two\n     three\n");
  EXPECT_EQ(list({{"a", ""}}), "  a\n");
  const std::string term(40, 'x');
  EXPECT_EQ(list({{term, "one"}, {"b", "two"}}), "  " + term + "\n     one\n  b  two\n");
}

}  // namespace
}  // namespace sz::doc
