#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "core/side_file.h"
#include "run/descriptor.h"
#include "run/input_files.h"

namespace sz::run {

/// The file under the dead letters and the events: whole lines are appended under flock(2), and whatever
/// others left behind, a line of ours never joins a torn one. See open_dead_letter_file() for what a path may
/// be.
class LetterFile {
 public:
  /// `what` it is for, as errors say it.
  static std::expected<LetterFile, SystemError> open(const std::string& path, const InputFiles* inputs,
                                                     std::string_view what = "dead letters");

  /// Appends lines, each with its '\n'. `saved` counts the bytes that got there; when that is less, what was
  /// torn is ended by a newline if that can still be written.
  struct Appended {
    std::size_t saved = 0;
    int error = 0;  ///< errno of what failed, or 0
  };
  Appended append(std::string_view lines);
  /// fdatasync(2): 0 or errno. Nothing to do for a FIFO and stderr.
  int sync();
  int close();

 private:
  LetterFile() = default;
  bool torn() const;

  Descriptor own_;
  int fd_ = -1;
  bool regular_ = false;
  bool locked_ = false;    ///< it is locked while written
  bool readable_ = false;  ///< its last byte can be looked at
};

}  // namespace sz::run
