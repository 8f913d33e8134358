#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

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

/// What stages look up and open outside before any input is read.
class SideFiles {
 public:
  virtual ~SideFiles() = default;
  /// Truncates unless `append`. A path that is also an input is refused. `path` "-" is not special. The file
  /// lives as long as the run.
  virtual std::expected<SideFile*, SystemError> open(const std::string& path, bool append) = 0;
  /// sz's own stderr.
  virtual SideFile* standard_error() = 0;
  /// The file of the program that a command names, looked for as a shell does. If it cannot be run the
  /// error's status is 127 (there is none) or 126.
  virtual std::expected<std::string, SystemError> find_program(const std::string& name) { return name; }
};

}  // namespace sz
