#pragma once

#include <optional>
#include <string_view>

#include "run/host.h"
#include "run/write_end.h"

namespace sz::run {

/// Standard output. Writing takes what it can take without waiting (see WriteEnd).
class OutputPort {
 public:
  /// `fd` is lent until close(). `reopen` is false in tests of the way without /proc.
  explicit OutputPort(int fd, bool reopen = true);

  Host::Write write(std::string_view bytes);
  /// Nobody reads any more. Asks the system unless the last event() or write() has just told.
  bool closed();
  /// For poll(2): -1 once it is closed.
  int fd() const { return closed_ ? -1 : end_.fd(); }
  /// What poll(2) said of fd(), 0 if nothing.
  void event(short events);
  /// Closes, which can fail too.
  std::optional<SystemError> close();

 private:
  int fd_;
  WriteEnd end_;
  bool closed_ = false;
  bool told_ = false;
};

}  // namespace sz::run
