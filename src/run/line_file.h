#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "run/descriptor.h"
#include "run/drain.h"
#include "run/write_end.h"

namespace sz::run {

/// A file that takes lines: buffered, and written by whole lines when the buffer is full and at flush(),
/// waiting where it must as long as the drain lets it. The first write that fails is the last: what it left
/// behind the last whole line of a regular file is cut off again, and nothing more is written.
class LineFile {
 public:
  /// `file` is open for writing; `drain` outlives this.
  LineFile(Descriptor file, Drain& drain);
  /// The same for a descriptor that is lent, such as stderr. It is not cut.
  LineFile(int fd, Drain& drain);

  /// The last line of the file is torn: it is ended before anything is written.
  void end_torn_line() { torn_ = true; }
  /// Of a line, or all of it: its last byte is the '\n'. 0, or the errno of a write that failed.
  int write(std::string_view bytes);
  int flush();
  /// Flushes and closes: the first errno, or what a WriteEnd gives.
  int close();
  /// So many line ends it was given and could not write, those in the buffer left out.
  std::uint64_t lost() const { return lost_; }

 private:
  static constexpr std::size_t buffer_size = std::size_t{64} << 10;
  void cut_back(std::string_view written) const;

  Descriptor file_;
  WriteEnd end_;
  Drain* drain_;
  std::string buffer_;
  bool torn_ = false, failed_ = false;
  std::uint64_t lost_ = 0;
};

/// What a message about a write that failed says of lost() lines.
std::string loss_words(std::uint64_t lines);

/// Is the last byte of the regular file `fd`, which may be open for writing only, a line end, as far as one
/// can tell? An empty file has no torn line. `path` from `directory` (openat(2)) is where it was opened: it
/// is read there, if it is still the same file, where a system cannot open a descriptor's file once more.
bool ends_with_line(int fd, int directory, const std::string& path);

}  // namespace sz::run
