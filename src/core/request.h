#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace sz {

/// Names a piece of work outside, unique in a run.
using RequestId = std::uint64_t;

/// A command that a stage runs: said once, shared by its requests.
struct Command {
  std::string path = {};                ///< the program's file
  std::vector<std::string> words = {};  ///< its argument vector; the first is the name it was called by
  bool keeps = false;  ///< a worker: one process answers many requests, a line each, in order
  bool output = true;  ///< its standard output is wanted; else it goes to /dev/null
  std::optional<Duration> timeout = {};            ///< wall time for one request
  std::size_t max_output = std::size_t{16} << 20;  ///< bytes of output for one request
};

/// Work outside that a stage asks for; the host does it and answers with a Result.
struct Request {
  std::shared_ptr<const Command> command = {};
  std::vector<std::string> words = {};  ///< the argument vector where a record filled it in; else empty
  std::string input = {};               ///< for standard input, with its line end
  std::size_t worker = 0;               ///< which of the stage's kept processes
};

/// What came of a request.
struct Result {
  enum class End : std::uint8_t {
    exited,     ///< the process ended by itself with status `number`; of a worker: it answered
    signalled,  ///< it died of signal `number`
    timed_out,  ///< it took longer than its time-out and was ended
    unstarted,  ///< it could not be started; `number` is the errno
    broken,     ///< its output is no answer: too much of it, or the worker is gone (then it starts anew)
    unasked,    ///< nobody was asked: the worker went away while it had nothing to do. It starts anew
  };
  End end = End::exited;
  int number = 0;
  std::string output = {};       ///< what it printed; of a worker one line without its end
  std::string error = {};        ///< one phrase, where `end` and `number` do not say it all
  std::string stderr_tail = {};  ///< the last 8 KiB of what it printed on standard error
  /// Of a worker that is gone: how, where known.
  std::optional<int> exit = {}, signal = {};

  bool ok() const { return end == End::exited && number == 0; }
};

}  // namespace sz
