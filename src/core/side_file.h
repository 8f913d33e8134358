#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "core/failure.h"

namespace sz {

/// A fault of the system that ends the run with exit status 3: "cannot write out.ndjson: No space left on
/// device".
struct SystemError {
  std::string message;
  int status = 0;  ///< the exit status that it asks for; 0: the usual one
};

/// A file beside stdout that a stage writes. Buffered; flushed before sz waits for anything and at the end. A
/// fault while writing is kept by the host and ends the run.
class SideFile {
 public:
  virtual ~SideFile() = default;
  virtual void write(std::string_view bytes) = 0;
};

/// Files below one directory whose names come of records: one file a name. Each is opened when it is written
/// for the first time in a run, and truncated then unless they are appended to; only some are open at a time.
/// Buffered, flushed and closed as a SideFile is, by whole lines.
class SideTree {
 public:
  virtual ~SideTree() = default;
  /// Adds `line` and a line end to the file `name`: components parted by '/', none of them empty, "." or
  /// "..", none over 255 bytes. Directories on the way are made. Only a regular file without a second name is
  /// opened, and no link is followed. The failure of a line whose file cannot be had is of kind `path`, or
  /// `full` if there would be too many files.
  virtual std::expected<void, Failure> write(std::string_view name, std::string_view line) = 0;
};

/// What stages look up and open outside before any input is read.
class SideFiles {
 public:
  virtual ~SideFiles() = default;
  /// Truncates unless `append`. A path that is also an input is refused. `path` "-" is not special. The file
  /// lives as long as the run.
  virtual std::expected<SideFile*, SystemError> open(const std::string& path, bool append) = 0;
  /// `directory` must be there; links in it are followed. `most_files`: so many names at most, 0 is no limit.
  /// The tree lives as long as the run.
  virtual std::expected<SideTree*, SystemError> open_tree(const std::string& directory, bool append,
                                                          std::uint64_t most_files) = 0;
  /// sz's own stderr.
  virtual SideFile* standard_error() = 0;
  /// The file of the program that a command names, looked for as a shell does. If it cannot be run the
  /// error's status is 127 (there is none) or 126.
  virtual std::expected<std::string, SystemError> find_program(const std::string& name) { return name; }
};

}  // namespace sz
