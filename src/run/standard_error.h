#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "core/side_file.h"
#include "run/drain.h"
#include "run/write_end.h"

namespace sz::run {

/// sz's stderr for messages, from any thread: lines stay whole, and waiting for its reader follows the run's
/// Drain like all other outputs.
class StandardError {
 public:
  /// `drain` outlives it; `fd` is lent.
  StandardError(Drain& drain, int fd) : drain_(drain), end_(fd) {}

  /// Lines with their '\n': 0, errno, or `took_no_more`. A diagnostic that is lost is no fault of the run:
  /// nobody is left to tell.
  int say(std::string_view lines);
  /// Lines that were asked for (debug): the first fault is kept, and the run must tell of it.
  void print(std::string_view lines);
  /// Failures that are told of nowhere else. A full or broken device's fault is kept as print()'s is; a
  /// reader that is not there, or does not read, is none: whoever closes stderr does not want to know.
  void report(std::string_view lines);
  /// The fault of print() or report(), once.
  std::optional<SystemError> take_fault();

 private:
  void keep(int error);

  Drain& drain_;
  WriteEnd end_;
  std::mutex mutex_;
  int fault_ = 0;  ///< under the mutex
};

}  // namespace sz::run
