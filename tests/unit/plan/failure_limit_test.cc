#include "plan/failure_limit.h"

#include <gtest/gtest.h>

namespace sz::plan {
namespace {

TEST(FailureLimit, CountsAndShares) {
  EXPECT_EQ(parse_failure_limit("0"), FailureLimit(std::uint64_t{0}));
  EXPECT_EQ(parse_failure_limit("1"), FailureLimit(std::uint64_t{1}));
  EXPECT_EQ(parse_failure_limit("250"), FailureLimit(std::uint64_t{250}));
  EXPECT_EQ(parse_failure_limit("0.5"), FailureLimit(0.5));
  EXPECT_EQ(parse_failure_limit("1.0"), FailureLimit(1.0));
  EXPECT_EQ(parse_failure_limit("5%"), FailureLimit(0.05));
  EXPECT_EQ(parse_failure_limit("1/4"), FailureLimit(0.25));
  for (const std::string_view wrong :
       {"", "x", "-1", "1.5", "150%", "3/2", "1/0", "99999999999999999999", "5 %", "1e3"})
    EXPECT_FALSE(parse_failure_limit(wrong)) << wrong;
}

}  // namespace
}  // namespace sz::plan
