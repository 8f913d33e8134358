#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "run/descriptor.h"
#include "run/drain.h"

namespace sz::run {

/// A descriptor that is written without waiting (a regular file takes all at once), while the flags of its
/// open file description, which other processes may share, stay as they are: a pipe or terminal is opened
/// anew through /proc/self/fd (proc(5)) and only that description is non-blocking; a socket is asked with
/// MSG_DONTWAIT; where /proc refuses, pieces of at most PIPE_BUF are written, which POLLOUT promises to take
/// (pipe(7)).
class WriteEnd {
 public:
  WriteEnd() = default;
  /// `fd` is lent. `reopen` is false in tests of the way without /proc.
  explicit WriteEnd(int fd, bool reopen = true);

  /// As write(2) on a non-blocking descriptor: EAGAIN when it would have to wait.
  ssize_t write(std::string_view bytes) const;
  /// Writes all, waiting as long as `drain` lets it: 0, the errno of the write that failed, or
  /// `took_no_more`. `taken`, if given, is how much was written.
  int write_all(std::string_view bytes, Drain& drain, std::size_t* taken = nullptr) const;
  /// For poll(2).
  int fd() const { return own_ ? own_.get() : fd_; }
  /// A pipe, FIFO or socket: its reader can go away.
  bool has_reader() const { return has_reader_; }
  /// Closes what was opened here, not `fd`: 0 or errno.
  int close();

 private:
  enum class Way : std::uint8_t { plain, own, socket, pieces };
  int fd_ = -1;
  Descriptor own_;
  Way way_ = Way::plain;
  bool has_reader_ = false;
};

/// No errno: a WriteEnd's time was up.
inline constexpr int took_no_more = -1;
/// What is said of an errno or of `took_no_more`.
std::string write_words(int error);

}  // namespace sz::run
