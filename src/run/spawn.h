#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "core/request.h"
#include "run/descriptor.h"
#include "run/process_groups.h"

namespace sz::run {

/// A process that was started and our ends of its pipes, which are non-blocking and close on exec.
struct Spawned {
  pid_t pid = -1;
  Descriptor death;   ///< can be read (poll) once the process has ended; it is not reaped by that
  Descriptor input;   ///< empty once all input is written and no more will come
  Descriptor output;  ///< empty if its standard output goes to /dev/null
  Descriptor error;
};

/// Starts a process in a group of its own, with default signals, none blocked, and no descriptors but 0, 1
/// and 2. `input` is written as far as the pipe takes it, before the process is there, and shortened by that;
/// with nothing left of it and `more` false its standard input is closed. The error is an errno.
///
/// posix_spawn(3) starts it as vfork(2) would: the cost does not grow with the memory that sz holds.
std::expected<Spawned, int> spawn(const Command& command, const std::vector<std::string>& words,
                                  std::string_view& input, bool more, ProcessGroups& groups);

/// A descriptor that can be read once the process has ended: the system's for a process, or without that the
/// end of a pipe that a thread closes which waits for the process. Empty if neither can be had.
Descriptor death_of(pid_t pid, bool descriptor = true);

}  // namespace sz::run
