#include "core/reservoir.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace sz {
namespace {

// Other hosts, builds and versions must pick the same: these numbers never change.
TEST(SeededHash, IsTheSameForEver) {
  EXPECT_EQ(seeded_hash("", 0), 0x2D06800538D394C2U);
  EXPECT_EQ(seeded_hash("\"a\"", 0), 488798267659798331U);
  EXPECT_EQ(seeded_hash("\"a\"", 1), 16086325641020004042U);
  EXPECT_EQ(seeded_hash(std::uint64_t{1}, 0), seeded_hash(std::string_view("\1\0\0\0\0\0\0\0", 8), 0));
}

TEST(Reservoir, TheFirstFillThePlacesInOrder) {
  Reservoir reservoir(0);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(reservoir.next(5), i);
}

// 4000 seeds, 20 things, 5 places: each thing should stay in 1000 of the samples; the standard deviation
// is 27.
TEST(Reservoir, EveryThingHasTheSameChance) {
  constexpr std::uint64_t things = 20, places = 5, seeds = 4000;
  std::array<int, things> stayed{};
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Reservoir reservoir(seed);
    std::array<std::uint64_t, places> holds{};
    for (std::uint64_t thing = 0; thing < things; ++thing)
      if (const auto place = reservoir.next(places)) holds.at(*place) = thing;
    for (const std::uint64_t thing : holds) ++stayed.at(thing);
  }
  for (const int times : stayed) {
    EXPECT_GT(times, 1000 - 5 * 27);
    EXPECT_LT(times, 1000 + 5 * 27);
  }
}

}  // namespace
}  // namespace sz
