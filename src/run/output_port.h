#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "run/descriptor.h"
#include "run/host.h"

namespace sz::run {

/// Standard output. Writing takes what it can take without waiting (a regular file takes all). The flags of
/// the shared open file description stay as they are: a pipe or terminal is opened anew through /proc/self/fd
/// (proc(5)) and only that description is non-blocking; a socket is asked with MSG_DONTWAIT; where /proc
/// refuses, pieces of at most PIPE_BUF are written, which POLLOUT promises to take (pipe(7)).
class OutputPort {
 public:
  /// `fd` is lent until close(). `reopen` is false in tests of the way without /proc.
  explicit OutputPort(int fd, bool reopen = true);

  Host::Write write(std::string_view bytes);
  /// Nobody reads any more. Asks the system unless the last event() or write() has just told.
  bool closed();
  /// For poll(2): -1 once it is closed.
  int fd() const { return closed_ ? -1 : port(); }
  /// What poll(2) said of fd(), 0 if nothing.
  void event(short events);
  /// Closes, which can fail too.
  std::optional<SystemError> close();

 private:
  enum class Way : std::uint8_t { file, own, socket, pieces };
  int port() const { return own_ ? own_.get() : fd_; }
  ssize_t write_once(std::string_view bytes) const;

  int fd_;
  Descriptor own_;
  Way way_ = Way::file;
  bool pipe_ = false;
  bool closed_ = false;
  bool told_ = false;
};

}  // namespace sz::run
