#include "core/holds.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/mark.h"

namespace sz {
namespace {

Time at(std::int64_t ns) { return Time::from_ns(ns); }

TEST(Holds, TheEarliestIsTheFirstThatIsOpen) {
  Holds holds;
  EXPECT_EQ(holds.first(), never);
  const auto a = holds.open(at(1)), b = holds.open(at(2)), c = holds.open(at(2));
  EXPECT_EQ(holds.first(), at(1));
  holds.close(b);
  EXPECT_EQ(holds.first(), at(1));
  holds.close(a);
  EXPECT_EQ(holds.first(), at(2));
  holds.close(c);
  EXPECT_EQ(holds.first(), never);
}

TEST(Holds, EqualsALookAtAll) {
  Holds holds;
  std::vector<std::pair<Time, Holds::Handle>> open;
  std::uint64_t chance = 1;
  for (std::int64_t now = 0; now < 20'000; ++now) {
    chance = chance * 6'364'136'223'846'793'005U + 1;
    if ((chance >> 40) % 2 == 0 || open.empty()) {
      open.emplace_back(at(now), holds.open(at(now)));
    } else {
      const auto which = open.begin() + static_cast<std::ptrdiff_t>((chance >> 33) % open.size());
      holds.close(which->second);
      open.erase(which);
    }
    const Time least = open.empty() ? never : std::ranges::min_element(open)->first;
    ASSERT_EQ(holds.first(), least) << now;
  }
}

TEST(Mark, StopsATimerOnTheWay) {
  const Mark here(at(12), at(2)), next(at(31), at(31));
  EXPECT_EQ(here.stopped_at(at(10), next), Mark(at(12), at(10)));
  EXPECT_EQ(here.stopped_at(at(20), next), Mark(at(20), at(20)));
  EXPECT_EQ(here.stopped_at(at(20), Mark(at(31), at(2))), Mark(at(20), at(2)));
}

}  // namespace
}  // namespace sz
