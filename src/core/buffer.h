#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/record_queue.h"
#include "core/stage.h"

namespace sz {

/// Parts a pipeline: what stands behind it does not hold back what stands before. A record goes straight
/// through while nothing behind wants to wait; otherwise it is kept, and the runner has it fed later, as it
/// does with the source. What is full sheds, or holds back what is before it.
///
/// Under --time the stream's clock keeps its place among the records. At the end of input what is kept is
/// waited for.
class Buffer final : public Stage {
 public:
  enum class WhenFull : std::uint8_t { block, drop_newest, drop_oldest, fail };
  /// At least one of the two. A record counts with its bytes and RecordQueue::overhead.
  struct Limits {
    std::optional<std::uint64_t> records, bytes;
  };
  /// `branch`: of a fanout, from 1, whose drops are told apart; else 0.
  Buffer(const Limits& limits, WhenFull when_full, std::uint64_t branch = 0)
      : limits_(limits), when_full_(when_full), branch_(branch) {}

  /// How many of the stages behind, up to the next buffer, or the output, want no more for now. They write it
  /// (Stage::hold_back).
  int& pressure() { return pressure_; }
  /// Is there something to feed, and does what stands behind want it?
  bool ready() const { return !queue().empty() && pressure_ == 0; }
  /// Feeds about `most` records; stops early as soon as it is no longer ready() or Run::attention says so.
  void feed(std::size_t most);

  void push(Record& record) override;
  void abandon() override;
  std::size_t held() const override { return queue().size(); }
  bool paces() const override { return true; }
  /// So that no join waits for it: it would have to keep what comes from beside it, without a bound.
  bool gathers() const override { return true; }

 private:
  void pass_clock(const Mark& m) override;
  const RecordQueue& queue() const { return queue_ ? *queue_ : nothing_; }
  bool fits(const Record& record) const;
  bool full() const;
  void make_room(const Record& record);
  void keep(Record& record);
  void shed_one(Record& record);
  void pass(Record& record);
  void hold_source() {
    if (when_full_ == WhenFull::block) block(full());
  }

  Limits limits_;
  WhenFull when_full_;
  std::uint64_t branch_;
  int pressure_ = 0;
  std::optional<RecordQueue> queue_;
  RecordQueue nothing_;
  bool passing_ = false;  // a record is on its way from here: another must not overtake it
  json::Document spare_;
};

}  // namespace sz
