#include "core/origin.h"

#include <memory>

#include <gtest/gtest.h>

#include "core/attempt.h"
#include "core/group.h"

namespace sz {
namespace {

TEST(Origin, OneLineOneRecord) {
  Ledger ledger;
  ledger.lines = 1;
  Origin origin = Origin::whole_line();
  EXPECT_FALSE(ledger.balanced());
  origin.settle(ledger, Verdict::out);
  EXPECT_TRUE(ledger.balanced());
  EXPECT_EQ(ledger.count(Verdict::out), 1u);
}

TEST(Origin, TheStrongestVerdictOfASplitCounts) {
  const struct {
    Verdict a, b, line;
  } cases[] = {{Verdict::out, Verdict::failed, Verdict::failed},
               {Verdict::failed, Verdict::out, Verdict::failed},
               {Verdict::filtered, Verdict::out, Verdict::out},
               {Verdict::merged, Verdict::out, Verdict::out},
               {Verdict::dropped, Verdict::merged, Verdict::merged},
               {Verdict::filtered, Verdict::dropped, Verdict::dropped},
               {Verdict::filtered, Verdict::filtered, Verdict::filtered},
               {Verdict::none, Verdict::none, Verdict::filtered}};
  for (const auto& [a, b, line] : cases) {
    Ledger ledger;
    ledger.lines = 1;
    Origin whole = Origin::whole_line();
    Origin first = whole.split(ledger), second = whole.split(ledger);
    whole.settle(ledger, Verdict::none);
    first.settle(ledger, a);
    EXPECT_FALSE(ledger.balanced());
    second.settle(ledger, b);
    EXPECT_TRUE(ledger.balanced());
    EXPECT_EQ(ledger.count(line), 1u);
  }
}

TEST(Origin, WhatASplitNeedsComesBackForTheNext) {
  Ledger ledger;
  std::unique_ptr<SharedLine> spare;
  const SharedLine* used = nullptr;
  for (const Verdict second : {Verdict::failed, Verdict::out, Verdict::filtered}) {
    ++ledger.lines;
    Origin whole = Origin::whole_line();
    whole.prepare_split(ledger, spare);
    EXPECT_FALSE(spare);
    Origin part = whole.split(ledger);
    whole.settle(ledger, Verdict::filtered);
    EXPECT_FALSE(ledger.balanced());
    part.settle(ledger, second);
    EXPECT_TRUE(ledger.balanced());
    EXPECT_EQ(ledger.count(second), 1u) << "the verdicts of the line before are forgotten";
    ASSERT_TRUE(spare);
    EXPECT_TRUE(used == nullptr || used == spare.get());
    used = spare.get();
  }
}

TEST(Origin, SplitsOfLinesThatAreUnderWayAtOnceEachHaveTheirOwn) {
  Ledger ledger;
  ledger.lines = 2;
  std::unique_ptr<SharedLine> spare;
  Origin first = Origin::whole_line(), second = Origin::whole_line();
  first.prepare_split(ledger, spare);
  second.prepare_split(ledger, spare);
  Origin part = second.split(ledger);
  second.settle(ledger, Verdict::out);
  first.settle(ledger, Verdict::failed);
  EXPECT_EQ(ledger.held(), 1u);
  part.settle(ledger, Verdict::filtered);
  EXPECT_TRUE(ledger.balanced());
  EXPECT_EQ(ledger.count(Verdict::out), 1u);
  EXPECT_EQ(ledger.count(Verdict::failed), 1u);
}

TEST(Origin, APreparedSplitThatIsLostGivesItsMemoryBack) {
  Ledger ledger;
  ledger.lines = 1;
  std::unique_ptr<SharedLine> spare;
  {
    Origin lost = Origin::whole_line();
    lost.prepare_split(ledger, spare);
  }
  EXPECT_FALSE(spare);
  EXPECT_EQ(ledger.held(), 1u);
}

/// Does nothing of its own.
class PlainAttempt final : public Attempt {
 public:
  PlainAttempt(Ledger& ledger, Origin parent) : Attempt(std::move(parent)), ledger_(ledger) {}

 private:
  void settled(Verdict v) override { parent().settle(ledger_, v); }
  Ledger& ledger_;
};

TEST(Attempt, WhatEndedInsideCountsBesideWhatLeaves) {
  const struct {
    Verdict inside, behind, line;
  } cases[] = {{Verdict::out, Verdict::filtered, Verdict::out},
               {Verdict::dropped, Verdict::filtered, Verdict::dropped},
               {Verdict::filtered, Verdict::out, Verdict::out},
               {Verdict::filtered, Verdict::filtered, Verdict::filtered},
               {Verdict::out, Verdict::failed, Verdict::failed}};
  for (const auto& [inside, behind, line] : cases) {
    Ledger ledger;
    ledger.lines = 1;
    auto* const attempt = std::make_unique<PlainAttempt>(ledger, Origin::whole_line()).release();
    Record leaves;
    leaves.origin = Origin::of(attempt);
    Origin ends = leaves.origin.split(ledger);
    ends.settle(ledger, inside);
    attempt->leave(leaves, ledger);
    EXPECT_FALSE(ledger.balanced());
    leaves.origin.settle(ledger, behind);
    EXPECT_TRUE(ledger.balanced());
    EXPECT_EQ(ledger.count(line), 1u);
  }
}

TEST(Origin, ALostRecordShowsInTheLedger) {
  Ledger ledger;
  ledger.lines = 1;
  {
    const Origin lost = Origin::whole_line();
  }
  EXPECT_EQ(ledger.held(), 1u);
}

Record with_line(const Line& line) {
  Record record;
  record.line = &line;
  record.origin = Origin::whole_line();
  return record;
}

TEST(Group, CountsOneOutAndTheRestMerged) {
  Ledger ledger;
  ledger.lines = 3;
  auto group = std::make_unique<Group>(ledger, true, 3);
  std::uint64_t number = 7;
  for (const char* text : {"a", "b", "c"}) {
    const Line line{.number = number++, .text = text};
    Record record = with_line(line);
    group->add(record);
  }
  Origin origin = Origin::of(group.release());
  std::vector<Line> lines;
  origin.lines(lines);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[2].text, "c");
  EXPECT_EQ(lines[2].number, 9u);
  origin.settle(ledger, Verdict::out);
  EXPECT_EQ(ledger.count(Verdict::out), 1u);
  EXPECT_EQ(ledger.count(Verdict::merged), 2u);
  EXPECT_TRUE(ledger.balanced());
}

TEST(Group, NamesALineOnceHoweverManyOfItsRecordsItHolds) {
  Ledger ledger;
  ledger.lines = 1;
  const Line line{.number = 1, .text = "x"};
  auto group = std::make_unique<Group>(ledger, true, 2);
  Origin whole = Origin::whole_line();
  for (int i = 0; i < 2; ++i) {
    Record part;
    part.line = &line;
    part.origin = whole.split(ledger);
    group->add(part);
  }
  whole.settle(ledger, Verdict::none);
  Origin origin = Origin::of(group.release());
  std::vector<Line> lines;
  origin.lines(lines);
  EXPECT_EQ(lines.size(), 1u);
  origin.settle(ledger, Verdict::failed);
  EXPECT_TRUE(ledger.balanced());
}

TEST(Group, FailsAllItsLines) {
  Ledger ledger;
  ledger.lines = 2;
  auto group = std::make_unique<Group>(ledger, false, 2);
  const Line line{.number = 1, .text = "x"};
  for (int i = 0; i < 2; ++i) {
    Record record = with_line(line);
    group->add(record);
  }
  Origin::of(group.release()).settle(ledger, Verdict::failed);
  EXPECT_EQ(ledger.count(Verdict::failed), 2u);
}

TEST(Group, OfGroupsKnowsAllLines) {
  Ledger ledger;
  ledger.lines = 2;
  auto outer = std::make_unique<Group>(ledger, true, 2);
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{2}}) {
    const Line line{.number = number, .text = "x"};
    auto inner = std::make_unique<Group>(ledger, true, 1);
    Record member = with_line(line);
    inner->add(member);
    Record batch;
    batch.origin = Origin::of(inner.release());
    outer->add(batch);
  }
  Origin origin = Origin::of(outer.release());
  std::vector<Line> lines;
  origin.lines(lines);
  EXPECT_EQ(lines.size(), 2u);
  origin.settle(ledger, Verdict::out);
  EXPECT_EQ(ledger.count(Verdict::out), 1u);
  EXPECT_EQ(ledger.count(Verdict::merged), 1u);
}

}  // namespace
}  // namespace sz
