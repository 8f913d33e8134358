#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/out.h"
#include "core/stage.h"
#include "expr/program.h"
#include "json/document.h"
#include "json/line_parser.h"
#include "run/input.h"
#include "run/stream_clock.h"

namespace sz::run {

/// Turns the lines of a block into records and pushes them into a pipeline, one by one. Under --time it finds
/// each record's instant and moves the stream's clock before the push. A line that is no record fails with
/// stage nullptr.
class Feeder {
 public:
  struct Options {
    bool raw_input = false;             ///< -R: every line is a string
    std::optional<expr::Program> time;  ///< --time
    std::optional<Duration> max_ahead;  ///< --max-ahead
    bool keep_jumps = false;            ///< note jumps of the clock instead of telling the run
  };
  Feeder(Run& run, Out& head, Failures& failures, Options options);

  /// Starts on a block, lent until it is spent. `first_line`: the number of its first line in its file.
  void open(const Block& block, std::uint64_t first_line);
  /// Feeds lines until `most` are fed, the block is spent, or Run::blocked or Run::attention says so.
  void feed(std::size_t most);
  bool spent() const { return spent_; }
  /// Fails all lines that are not fed yet as `shutdown`.
  void abandon();

  /// The number of the line after the last one that was fed.
  std::uint64_t next_line() const { return line_.number + 1; }
  /// The stream's clock. Only under --time.
  const StreamClock& clock() const { return clock_; }
  /// Goes on from `clock`, and forgets what was noted since the call before.
  void set_clock(const StreamClock& clock);
  /// Since then: the first record's time, whether any record's time was refused as too far ahead, and (with
  /// keep_jumps) the jumps of the clock, that of the first record from a clock that was not set included.
  const std::optional<Time>& first_time() const { return first_time_; }
  bool refused() const { return refused_; }
  const std::vector<ClockJump>& jumps() const { return jumps_; }
  static void tell(Run& run, const ClockJump& jump);  ///< as an event
  /// The line being fed, for those who capture records.
  const Line& line() const { return line_; }

 private:
  void feed_special();
  void feed_lines(std::size_t most);
  void feed_raw_lines(std::size_t most);
  void feed_other(const json::ParsedLine& line);
  void feed_raw(std::string_view text);
  void begin_line(std::string_view text);
  void push(Record& record);
  bool find_time(Record& record);
  bool move_clock(Record& record);
  void fail(Record& record, FailureKind kind, std::string error);
  void fail_line(std::string_view text, FailureKind kind, std::string error);

  Run& run_;
  Out& head_;
  Failures& failures_;
  Options options_;
  json::LineParser parser_;
  const Block* block_ = nullptr;
  std::size_t position_ = 0;  // raw input: where the next line begins
  bool all_utf8_ = false;     // raw input: the whole block is UTF-8, and so is each line
  bool spent_ = true;
  bool special_ = false;  // the block is one line that is too long or torn
  Line line_;
  StreamClock clock_;
  std::optional<Time> first_time_;
  bool refused_ = false;
  std::vector<ClockJump> jumps_;
  std::string quoted_;
  json::Document quoted_value_;
};

}  // namespace sz::run
