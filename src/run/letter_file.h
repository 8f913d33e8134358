#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "core/side_file.h"
#include "run/descriptor.h"
#include "run/drain.h"
#include "run/used_files.h"
#include "run/write_end.h"

namespace sz::run {

/// The file under the dead letters and the events: whole lines are appended under flock(2), and whatever
/// others left behind, a line of ours never joins a torn one. It waits, for the lock and for the reader of a
/// FIFO, as long as the run's Drain lets it. See open_dead_letter_file() for what a path may be.
class LetterFile {
 public:
  /// `what` it is for, as errors say it.
  static std::expected<LetterFile, SystemError> open(const std::string& path, UsedFiles& used, Drain& drain,
                                                     std::string_view what = "dead letters");

  /// Appends lines, each with its '\n'. `saved` counts the bytes that got there; when that is less, what was
  /// torn is ended by a newline if that can still be written.
  struct Appended {
    std::size_t saved = 0;
    int error = 0;  ///< as of WriteEnd::write_all()
  };
  Appended append(std::string_view lines);
  /// fdatasync(2): 0 or errno. Nothing to do for a FIFO and stderr.
  int sync();
  int close();

 private:
  explicit LetterFile(Drain& drain) : drain_(&drain) {}
  bool torn() const;
  int lock() const;

  Drain* drain_;
  Descriptor own_;
  int fd_ = -1;
  WriteEnd end_;
  bool regular_ = false;
  bool readable_ = false;  ///< its last byte can be looked at
};

}  // namespace sz::run
