#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.h"
#include "core/line.h"
#include "core/side_file.h"
#include "core/time.h"
#include "run/drain.h"
#include "run/used_files.h"

namespace sz::run {

/// One failed record as SPEC 5 describes it, before it is text.
struct Letter {
  FailureKind kind = FailureKind::internal;
  std::string_view error;
  std::string_view stage;      ///< the stage's name, "input" for the reading
  std::size_t index = 0;       ///< of the stage, from 1; 0 for the input
  std::string_view record;     ///< as it reached the stage; empty if it never was a record
  std::string_view source;     ///< the input's name
  Line line;                   ///< its text is the original
  std::uint64_t attempts = 0;  ///< how often a retry tried it; 0 without one
  std::string_view cause;      ///< a JSON object: the failure that a catch took before this one; or empty
  std::uint64_t group = 0;     ///< id shared by the members of a batch that failed whole; 0 is none
  bool first_of_group = true;  ///< only the first carries the common `record`
  Time at;                     ///< real time of the failure
  bool torn = false;  ///< the line was cut short by the end of the run: its text is not the whole original
  bool tap = false;   ///< a tap's copy failed; the record itself went on
  std::optional<int> exit;       ///< a command's exit status
  std::optional<int> signal;     ///< the signal that a command died of
  std::string_view stderr_tail;  ///< the last of what a command printed on standard error
  /// For a record that sums up others which are not kept: how many, from `line` to `last`, of which only the
  /// places are known, or nothing. 0 otherwise.
  std::uint64_t count = 0;
  Line last = {};
};

/// Where the letters of a run go.
class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  /// What the letter views is lent for the call.
  virtual void write(const Letter& letter) = 0;
  /// Brings everything out; `now` paces fdatasync (--dlq-sync exit: once a second and at the end) and the
  /// repeated lines on stderr.
  virtual void flush(Time now) = 0;
  /// When flush() has something to do even if no letter comes; `never` if nothing.
  virtual Time due() const { return never; }
  /// Brings everything out for good. Once, last.
  virtual void close() = 0;
  /// A letter that could not be saved ends the run with exit status 3; it has then been printed escaped to
  /// stderr.
  virtual bool broken() const = 0;
};

enum class DlqSync : std::uint8_t { exit, record, none };

/// Takes lines for stderr, each with its '\n'.
using StderrSink = std::function<void(std::string_view)>;
/// The real one: descriptor 2, faults ignored since nobody is left to tell.
StderrSink standard_error_sink();

/// --dlq FILE (SPEC 5): letters are gathered and appended in one go, under flock(2), at flush() or when 64
/// KiB are there, so that several processes share the file. FILE is a regular file, which is made if it is
/// not there, a FIFO (waits for its reader), `-` for stderr, or /dev/fd/N for one of these; all else is
/// refused, symbolic links and /dev/null too. `used` refuses a file that is also read or written. `run_id`
/// names this run in every letter. `used` is for the call, `drain` outlives the letters.
std::expected<std::unique_ptr<DeadLetters>, SystemError> open_dead_letter_file(const std::string& path,
                                                                               DlqSync sync,
                                                                               std::string run_id,
                                                                               UsedFiles& used, Drain& drain,
                                                                               StderrSink error);

/// 16 random hexadecimal digits of the system's random numbers.
std::string make_run_id();

/// Without --dlq: one line on stderr each, repeated ones rate-limited as `(+412 more)`.
std::unique_ptr<DeadLetters> dead_letters_on_stderr(StderrSink error = standard_error_sink());

}  // namespace sz::run
