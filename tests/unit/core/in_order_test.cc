#include "core/in_order.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sz {
namespace {

using Queue = InOrder<std::string>;

Time at(std::int64_t s) { return Time() + Duration{s * 1'000'000'000}; }

/// What release() lets go of, a mark as `@SECONDS`.
std::vector<std::string> released(Queue& queue) {
  std::vector<std::string> out;
  queue.release([&](std::string&& text) { out.push_back(std::move(text)); },
                [&](Mark t) { out.push_back(fmt::format("@{}", (t.clock - Time()).ns / 1'000'000'000)); });
  return out;
}

using Texts = std::vector<std::string>;

TEST(InOrder, LeavesInTheOrderOfOpeningNotOfFilling) {
  Queue queue;
  const auto a = queue.open("a"), b = queue.open("b"), c = queue.open("c");
  queue.fill(c);
  EXPECT_EQ(released(queue), Texts{});
  queue.fill(a);
  EXPECT_EQ(released(queue), Texts{"a"});
  queue.fill(b);
  EXPECT_EQ(released(queue), (Texts{"b", "c"}));
  EXPECT_TRUE(queue.empty());
}

TEST(InOrder, AMarkWaitsBehindWhatCameBeforeItAndNeverAfter) {
  Queue queue;
  const auto a = queue.open("a");
  queue.mark(at(1));
  queue.mark(at(2));  // one slot for both
  const auto b = queue.open("b");
  queue.mark(at(3));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(released(queue), Texts{});
  queue.fill(a);
  EXPECT_EQ(released(queue), (Texts{"a", "@2"}));
  queue.fill(b);
  EXPECT_EQ(released(queue), (Texts{"b", "@3"}));
}

TEST(InOrder, AMarkInAnEmptyQueueLeavesAtOnce) {
  Queue queue;
  queue.mark(at(1));
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(released(queue), Texts{"@1"});
}

TEST(InOrder, WhatIsTakenOutNoLongerHoldsTheOthers) {
  Queue queue;
  const auto a = queue.open("a"), b = queue.open("b");
  queue.mark(at(1));
  EXPECT_EQ(queue.take(b), "b");
  EXPECT_EQ(released(queue), Texts{});
  EXPECT_EQ(queue.take(a), "a");
  EXPECT_EQ(released(queue), Texts{"@1"});
  EXPECT_EQ(queue.size(), 0u);
}

TEST(InOrder, ListsSlotsFromTheOldest) {
  Queue queue;
  queue.open("a");
  queue.mark(at(1));
  queue.open("b");
  Texts seen;
  for (auto i = queue.first(); i != Queue::none; i = queue.next(i)) seen.push_back(queue[i]);
  EXPECT_EQ(seen, (Texts{"a", "b"}));
}

TEST(InOrder, ACalleeMayOpenFillAndRelease) {
  Queue queue;
  const auto a = queue.open("a");
  queue.fill(a);
  Texts out;
  const auto nothing = [](Mark) {};
  int depth = 0;
  const auto leave = [&](std::string&& text) {
    EXPECT_EQ(++depth, 1) << "one leaves while another is still on its way";
    out.push_back(text);
    if (text.size() < 4) {
      const auto more = queue.open(text + "a");
      queue.fill(more);
      queue.release([](std::string&&) { FAIL() << "re-entered"; }, nothing);
    }
    --depth;
  };
  queue.release(leave, nothing);
  EXPECT_EQ(out, (Texts{"a", "aa", "aaa", "aaaa"}));
  EXPECT_TRUE(queue.empty());
}

TEST(InOrder, HandlesAndAddressesStayWhileOthersComeAndGo) {
  Queue queue;
  const auto first = queue.open("first");
  const std::string* const address = &queue[first];
  for (int i = 0; i < 1000; ++i) {
    const auto other = queue.open("x");
    queue.take(other);
    queue.open("y");
  }
  EXPECT_EQ(&queue[first], address);
  EXPECT_EQ(queue[first], "first");
  EXPECT_EQ(queue.size(), 1001u);
}

}  // namespace
}  // namespace sz
