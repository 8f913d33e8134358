#include "plan/report.h"

#include <vector>

#include <gtest/gtest.h>

namespace sz::plan {
namespace {

struct Case {
  std::vector<std::string> words;
  PlanError error;
  std::string_view text;
};

TEST(Report, PlaceAndHint) {
  const Case cases[] = {
      {{"map"}, {.message = "something is wrong", .hint = {}}, "sz: something is wrong\n"},
      {{"map"}, {.message = "wrong", .hint = "do it so"}, "sz: wrong\ndo it so\n"},
      {{"map", ".a"}, {.message = "wrong", .hint = {}, .word = 1}, R"(sz: wrong
  sz map .a
         ^^
)"},
      // Inside a word that needs no quotes, and inside one that does.
      {{"map", ".a.b"}, {.message = "wrong", .hint = {}, .word = 1, .offset = 2, .length = 2}, R"(sz: wrong
  sz map .a.b
           ^^
)"},
      {{"filter", ".a = = 1", "then", "map", "."},
       {.message = "wrong", .hint = "try ==", .word = 1, .offset = 5, .length = 1},
       R"(sz: wrong
  sz filter '.a = = 1' then map .
                  ^
try ==
)"},
      {{"map", "{a: .b"},
       {.message = "missing }", .hint = {}, .word = 1, .offset = 6, .length = 0},
       R"(sz: missing }
  sz map '{a: .b'
                ^
)"},
      // Bytes that a terminal must not get, and quotes within quotes.
      {{"map", "\x1b\n$x"},
       {.message = "wrong", .hint = {}, .word = 1, .offset = 2, .length = 2},
       R"(sz: wrong
  sz map '\x1B\n$x'
                ^^
)"},
      {{"map", "\"it's\" + $x"},
       {.message = "wrong", .hint = {}, .word = 1, .offset = 9, .length = 2},
       R"(sz: wrong
  sz map '"it'\''s" + $x'
                      ^^
)"},
      {{"map", "\"\u00e9\u00e9\" + $x"},
       {.message = "wrong", .hint = {}, .word = 1, .offset = 9, .length = 2},
       R"(sz: wrong
  sz map '"éé" + $x'
                 ^^
)"},
      {{"", "x"}, {.message = "wrong", .hint = {}, .word = 0}, R"(sz: wrong
  sz '' x
     ^^
)"},
      // An offset and a length beyond the word are cut.
      {{"map", ".a"}, {.message = "wrong", .hint = {}, .word = 1, .offset = 9, .length = 9}, R"(sz: wrong
  sz map .a
           ^
)"},
      {{"map", ".a"}, {.message = "wrong", .hint = {}, .word = 7}, "sz: wrong\n"},
      // An expression that is a file.
      {{"map", "/dev/null"},
       {.message = "wrong", .hint = {}, .word = 1, .offset = 1, .length = 3},
       R"(sz: wrong
  sz map /dev/null
          ^^^
input files go after --: sz ... -- /dev/null
)"},
  };
  for (const Case& c : cases) EXPECT_EQ(report(c.error, c.words), c.text);
}

TEST(Report, LongLinesAreCutAroundThePlace) {
  const std::vector<std::string> words{"map", std::string(300, 'a') + "!" + std::string(300, 'b')};
  const std::string text =
      report({.message = "wrong", .hint = {}, .word = 1, .offset = 300, .length = 1}, words);
  const std::size_t line = text.find('\n') + 1;
  const std::size_t marks = text.find('\n', line) + 1;
  EXPECT_LE(marks - line, 120u);
  EXPECT_EQ(text[line + text.find('^', marks) - marks], '!') << text;
}

}  // namespace
}  // namespace sz::plan
