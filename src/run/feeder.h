#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/out.h"
#include "core/stage.h"
#include "expr/program.h"
#include "json/document.h"
#include "json/line_parser.h"
#include "run/input.h"

namespace sz::run {

/// Turns the lines of a block into records and pushes them into a pipeline, one by one. Under --time it finds
/// each record's instant and moves the stream's clock before the push. A line that is no record fails with
/// stage nullptr.
class Feeder {
 public:
  struct Options {
    bool raw_input = false;             ///< -R: every line is a string
    std::optional<expr::Program> time;  ///< --time
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
  /// The stream's clock: the largest time seen. Only under --time.
  Time clock() const { return clock_; }
  void set_clock(Time t) { clock_ = t; }
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
  void fail(Record& record, FailureKind kind, std::string error);
  void fail_line(std::string_view text, FailureKind kind, std::string error);

  Run& run_;
  Out& head_;
  Failures& failures_;
  Options options_;
  json::LineParser parser_;
  const Block* block_ = nullptr;
  std::size_t position_ = 0;  // raw input: where the next line begins
  bool spent_ = true;
  bool special_ = false;  // the block is one line that is too long or torn
  Line line_;
  Time clock_ = Time::min();
  std::string quoted_;
  json::Document quoted_value_;
};

}  // namespace sz::run
