#include "core/record_queue.h"

#include <deque>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace sz {
namespace {

std::string text_of(std::size_t size, unsigned n) {
  return '"' + std::string(size, static_cast<char>('a' + n % 26)) + '"';
}

TEST(RecordQueue, GivesBackWhatCameFirstWithAllThatBelongsToIt) {
  Ledger ledger;
  RecordQueue queue(true);
  json::Document made, spare;
  Line line{.source = 2, .number = 7, .offset = 100, .bytes = 5, .cut = false, .text = " [1] "};
  Record record("[1]", made);
  record.at = Time::from_ns(5);
  record.line = &line;
  record.origin = Origin::whole_line();
  EXPECT_EQ(RecordQueue::overhead + 8, queue.cost(record));
  queue.put(record, Time::from_ns(9));
  EXPECT_FALSE(record.origin);
  EXPECT_EQ(RecordQueue::overhead + 8, queue.bytes());
  EXPECT_EQ(Time::from_ns(9), queue.first_clock());
  line.text = "gone";
  Record back = queue.take(spare);
  EXPECT_EQ("[1]", back.text());
  EXPECT_EQ(json::Kind::array, back.value().kind());
  EXPECT_EQ(Time::from_ns(5), back.at);
  ASSERT_NE(nullptr, back.line);
  EXPECT_EQ(" [1] ", back.line->text);
  EXPECT_EQ(7u, back.line->number);
  EXPECT_EQ(2u, back.line->source);
  EXPECT_TRUE(back.origin);
  back.origin.settle(ledger, Verdict::out);
  EXPECT_EQ(0u, queue.bytes());
  EXPECT_TRUE(queue.empty());
}

TEST(RecordQueue, KeepsNoOriginalThatNobodyWants) {
  Ledger ledger;
  RecordQueue queue;
  json::Document made, spare;
  const Line line{.number = 1, .bytes = 5, .text = " [1] "};
  Record record("[1]", made);
  record.line = &line;
  record.origin = Origin::whole_line();
  EXPECT_EQ(RecordQueue::overhead + 3, queue.cost(record));
  queue.put(record, Time());
  Record back = queue.take(spare);
  EXPECT_EQ("", back.line->text);
  EXPECT_EQ(5u, back.line->bytes);
  back.origin.settle(ledger, Verdict::out);
}

// Sizes around those of chunks, filled and emptied by turns: what is lent stays readable while others come.
TEST(RecordQueue, IsALineOfTexts) {
  Ledger ledger;
  std::mt19937 random(1);
  RecordQueue queue;
  std::deque<std::string> wanted;
  json::Document made, spare;
  std::size_t bytes = 0;
  for (unsigned n = 0; n < 20'000; ++n) {
    const bool fill = (n / 500) % 2 == 0;
    if (random() % 10 < (fill ? 8U : 2U)) {
      static constexpr std::size_t sizes[] = {0, 1, 40, 300, 8190, 8191, 65'534, 70'000};
      const std::string text = text_of(sizes[random() % (random() % 4 == 0 ? 8 : 4)], n);
      Record record(text, made);
      record.origin = Origin::whole_line();
      bytes += queue.cost(record);
      queue.put(record, Time());
      wanted.push_back(text);
    } else if (!wanted.empty()) {
      Record back = queue.take(spare);
      ASSERT_EQ(wanted.front(), back.text());
      Record more("0", made);
      more.origin = Origin::whole_line();
      queue.put(more, Time());
      wanted.emplace_back("0");
      ASSERT_EQ(wanted.front(), back.text()) << "its bytes were overwritten";
      back.origin.settle(ledger, Verdict::out);
      bytes -= RecordQueue::overhead + wanted.front().size();
      bytes += RecordQueue::overhead + 1;
      wanted.pop_front();
    }
    ASSERT_EQ(wanted.size(), queue.size());
    ASSERT_EQ(bytes, queue.bytes());
  }
}

}  // namespace
}  // namespace sz
