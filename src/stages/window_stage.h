#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/holding.h"
#include "expr/key.h"
#include "stages/aggregates.h"
#include "stages/members.h"

namespace sz::window {

/// What to do with a record that comes when every window it belongs to is closed.
enum class Late : std::uint8_t { fail, drop, emit };

/// What all windows have in common.
struct Options {
  expr::KeyOf by;
  aggregate::Aggregates aggregates;
  bool records = false;  ///< carry the records; there are no aggregates
  bool envelope = true;  ///< `count` and `closed_by` are in the result
  bool running = false;  ///< a result after each record instead of one for the window
  bool fill = false;     ///< windows without records too, between those with some
  Late late = Late::fail;
  Duration lateness;            ///< windows close so long after their end
  std::uint64_t max_count = 0;  ///< a window is cut at so many records; 0 is no limit
  std::uint64_t max_keys = 0;   ///< 0 is no limit
};

/// The base of the stages that collect records into windows: takes records in, makes results and passes them
/// on. Where windows carry records, those are held until their last window has left; aggregates settle them
/// as `merged` when they take them in.
class WindowStage : public HoldingStage {
 public:
  explicit WindowStage(Options options) : options_(std::move(options)) {}
  std::size_t held() const override { return held_; }
  bool reads_clock() const override { return options_.aggregates.reads_clock(); }
  Time clock_behind(Time t) const override { return t - Duration{1}; }
  bool waits_for_settled() const override { return true; }

 protected:
  /// A result apart from what came in the window.
  struct Frame {
    Time start, end;
    std::uint64_t records = 0;
    std::string_view closed_by;
    std::string_view key;
    Time at;                         ///< the result's own time
    std::optional<Duration> length;  ///< for rates; none: from the first record to the last
  };

  /// Counts it in, finds its key and reads what the aggregates want. Nothing if that failed; then the record
  /// has gone.
  std::optional<std::string_view> admit(Record& record);
  /// A key more than there may be: the record fails, and true.
  bool full(std::size_t keys, Record& record);
  /// A record that no open window wants. True if it is to come out as a window of its own.
  bool fail_late(Record& record, Time end);
  /// The record was admitted and goes into a window: where windows carry records it is kept in `members`,
  /// else it ends here.
  void settle_in(Record& record, Members* members);
  aggregate::Arrival arrival(const Record& record) {
    return {record.at, arrivals_, options_.aggregates.notes_lines() ? lines_of(record) : LineSpan()};
  }

  void emit_result(const Frame& frame, aggregate::States& states);
  /// `members` in any order; they leave here for good.
  void emit_records(const Frame& frame, Members& members);
  /// The same for members that other windows want as well.
  void emit_shared(const Frame& frame, std::vector<Member*>& members);
  /// Members that no window wants any more.
  void end_members(Members& members);
  void give_up(Members& members);
  void emit_empty(const Frame& frame);

  Options options_;
  json::Document spare_;

 private:
  LineSpan lines_of(const Record& record);
  void begin(const Frame& frame);
  void finish_text();
  void pass_on(const Frame& frame, Origin origin);

  std::uint64_t arrivals_ = 0;  // records that were admitted
  std::size_t held_ = 0;
  std::string text_;
  std::vector<Line> lines_;  // scratch
};

}  // namespace sz::window
