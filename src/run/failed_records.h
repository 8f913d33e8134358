#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/line_span.h"
#include "core/out.h"
#include "core/stage.h"
#include "plan/failure_limit.h"
#include "run/dead_letters.h"

namespace sz::run {

/// The end of every failed record: a dead letter for each of its input lines, and the count that --on-failure
/// and --max-failures look at.
class FailedRecords final : public Failures {
 public:
  struct Options {
    bool stop_at_first = false;              ///< --on-failure stop
    std::optional<plan::FailureLimit> most;  ///< --max-failures
    bool at_once = false;                    ///< inputs are merged: which of two is the later is not known
  };
  /// `sources` are the inputs' names.
  FailedRecords(Run& run, DeadLetters& letters, const std::vector<std::string>& sources, Options options)
      : run_(run), letters_(letters), sources_(sources), options_(options) {}

  void fail(Record& record, Failure failure, const Stage* stage) override;
  /// Writes the letters without settling anything, for records that a pool's worker settled. `span`: of the
  /// `summed` records that have no `lines`.
  void write(const Failure& failure, std::string_view stage, std::size_t index, std::string_view record,
             const std::vector<Line>& lines, std::uint64_t summed = 0, const LineSpan& span = {});
  /// Looks at the limits; Run::attention is set when one is passed. It must be called at the latest when so
  /// many more lines were fed.
  void check();
  std::size_t lines_until_check() const;

  /// No more input is wanted: a limit was passed.
  bool stop() const { return stop_; }
  /// Once stopping: did all of the record come after the failure that passed the limit, in input order?
  bool came_later(const Record& record) const;
  /// The share of --max-failures is passed when all lines have settled.
  bool share_passed_at_end() const;
  /// Failed records so far.
  std::uint64_t count() const { return count_; }

 private:
  Run& run_;
  DeadLetters& letters_;
  const std::vector<std::string>& sources_;
  Options options_;
  bool stop_ = false;
  std::uint64_t count_ = 0, groups_ = 0;
  std::vector<Line> lines_;
  Line last_line_;  ///< the last line of the record that failed last
};

}  // namespace sz::run
