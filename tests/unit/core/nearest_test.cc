#include "core/nearest.h"

#include <gtest/gtest.h>

namespace sz {
namespace {

TEST(Nearest, EditDistance) {
  struct Case {
    std::string_view a, b;
    std::size_t distance;
  };
  const Case cases[] = {
      {"", "", 0},
      {"", "abc", 3},
      {"abc", "", 3},
      {"filter", "filter", 0},
      {"filter", "filtr", 1},
      {"filter", "fitler", 1},
      {"Filter", "filter", 0},
      {"kitten", "sitting", 3},
      {"ab", "ba", 1},
      {"ca", "abc", 3},
      {"batch", "bacth", 1},
      {"take", "tkae", 1},
      {"map", "mpa", 1},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(edit_distance(c.a, c.b), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(edit_distance(c.b, c.a), c.distance) << c.b << " " << c.a;
  }
}

TEST(Nearest, Picks) {
  const std::string_view words[] = {"filter", "map", "flatten", "take", "tap", "batch", "dedupe"};
  struct Case {
    std::string_view word, nearest;
  };
  const Case cases[] = {
      {"filtr", "filter"},
      {"fliter", "filter"},
      {"dedup", "dedupe"},
      {"tape", "take"},
      {"tpa", "tap"},
      {"x", ""},
      {"", ""},
      {"qwerty", ""},
      {"flat", "flatten"},
      {"fl", ""},
      {"BATCH", "batch"},
      {"batches", "batch"},
      {"mapp", "map"},
  };
  for (const Case& c : cases) EXPECT_EQ(nearest(c.word, words), c.nearest) << c.word;
  EXPECT_EQ(nearest(std::string(100'000, 'f'), words), "");
}

}  // namespace
}  // namespace sz
