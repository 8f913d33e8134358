#pragma once

#include <cstddef>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/plan_error.h"
#include "core/stage.h"
#include "expr/program.h"
#include "json/line_parser.h"

namespace sz::stages_test {

/// One thing that was seen to come of a pipeline.
struct Event {
  enum class Kind {
    out,     ///< a record left
    failed,  ///< a record failed
    side,    ///< a line for a side file
    notice,  ///< a line about the pipeline itself
    stop,    ///< nobody wants more input: the reading stops
    end      ///< the output ended
  };
  Kind kind = Kind::out;
  Time wall = {};         ///< when
  Time stream = {};       ///< out: the stream's clock that has come out, under --time
  Time at = {};           ///< out: the record's own time
  std::string text = {};  ///< the record, or what was said
  std::string name = {};  ///< failed, notice: the stage; side: the file
  FailureKind why = FailureKind::internal;
  Failure failure = {};                                           ///< failed: all of it
  std::vector<std::pair<std::uint64_t, std::string>> lines = {};  ///< failed: the input lines behind it
};

/// Plays everything around the stages of a pipeline: the reader, the runner's loop, the end of the output and
/// the dead letters, on a wall clock that a test turns by hand. Timers fire as the runner fires them, the
/// earliest first and the last stage first at a tie. After each call all accounts must balance, or the test
/// fails.
class Driver {
 public:
  /// Parses and builds what stands behind `sz`. Of the globals --time, --lateness, --max-keys, --seed and
  /// --dlq (originals are kept) count.
  static std::expected<std::unique_ptr<Driver>, PlanError> make(const std::vector<std::string>& words);
  ~Driver();

  /// Lets the wall's time come to `t`, waking at each timer on the way.
  void at(Time t);
  /// The wall's time is `t` at once, as after a long sleep of the machine.
  void jump(Time t);
  /// One line arrives. It is fed at once, or as soon as no stage blocks.
  void push(std::string_view line);
  /// The input is over; goes on in the wall's time until the pipeline has ended.
  void end();
  /// No input came for --idle-timeout.
  void idle();
  /// The input is over; goes no further than it can without waiting.
  void no_more();
  /// Work outside that was asked for, in order, and whether it was cancelled.
  struct Asked {
    RequestId id = 0;
    Stage* stage = nullptr;
    Request request;
    bool cancelled = false;
  };
  const std::vector<Asked>& asked() const;
  /// The answer to asked()[i] comes. What was cancelled has no answer: it is swallowed, as the host does it.
  void answer(std::size_t i, Result result);
  /// Answers everything at once from now on.
  void answer_all(std::function<Result(const Request&)> by);
  /// The drain timeout has passed: what has arrived and was not fed is forgotten, what is held fails.
  void abandon();

  Time now() const;
  bool ended() const;
  bool blocked() const;
  bool reading() const;         ///< still wants input
  std::size_t arrived() const;  ///< lines that wait in front of a stage that blocks
  std::size_t held() const;
  const Ledger& ledger() const;
  const Stage& stage(std::size_t i) const;  ///< from 0
  std::size_t stages() const;

  /// What has happened since the last call.
  std::vector<Event> take_events();
  /// The records that have left since the last call; everything else is forgotten.
  std::vector<std::string> take_out();

 private:
  class Impl;
  explicit Driver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A driver for a pipeline that must be right; `line` as a shell would see it.
std::unique_ptr<Driver> drive(std::string_view line);

/// `1.5s` after the epoch.
Time instant(std::string_view duration);

}  // namespace sz::stages_test
