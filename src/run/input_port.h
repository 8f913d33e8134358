#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>

#include "run/descriptor.h"
#include "run/host.h"

namespace sz::run {

/// An input, one at a time: a file, FIFO, device or standard input. Reading never waits but for
/// a disk.
class InputPort {
 public:
  /// `standard` is the descriptor of "-"; it is lent and its flags stay as they are.
  explicit InputPort(int standard) : standard_(standard) {}

  std::expected<void, SystemError> open(const std::string& path);
  Host::Read read(std::span<char> into);
  void close();
  /// In bytes, if it is a regular file.
  std::optional<std::uint64_t> size() const;

  /// For poll(2); -1 if nothing is open.
  int fd() const { return fd_; }
  /// A read can wait: it is open and no regular file or block device.
  bool waits() const { return waits_; }
  /// The last read() gave no bytes, or there was none yet: more may be waited for.
  bool awaited() const { return awaited_; }
  /// poll(2) said that reading gives something: spares the next read() its own question.
  void set_ready() { ready_ = true; }

 private:
  int standard_;
  Descriptor own_;
  int fd_ = -1;
  bool waits_ = false;
  bool ready_ = false;
  bool awaited_ = true;
  std::optional<std::uint64_t> size_;
};

}  // namespace sz::run
