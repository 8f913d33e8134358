#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace sz::run {

/// --progress: one line on a terminal's stderr that is drawn over itself, from 1 s after the start on. Wall
/// time. Nothing of it stays: who else writes there calls erase() first, from any thread.
class Progress {
 public:
  struct State {
    std::uint64_t records = 0, bytes = 0, failed = 0;
  };
  /// `fd` is lent. `all`: the bytes of all inputs, if they are known.
  Progress(int fd, Time start, std::optional<std::uint64_t> all);

  /// When draw() wants to be called again.
  Time due() const { return due_; }
  void draw(Time now, const State& state);
  void erase();

  /// The line for `state`, at most `width` columns. Public for tests.
  std::string line(Time now, const State& state, std::size_t width);

 private:
  int fd_;
  Time start_, due_;
  std::optional<std::uint64_t> all_;
  std::mutex mutex_;
  bool drawn_ = false;  ///< under the mutex
  Time last_;
  State before_;
  double records_rate_ = 0, bytes_rate_ = 0;
};

/// The bytes of all inputs ("-" is stdin) if each is a regular file.
std::optional<std::uint64_t> total_size(const std::vector<std::string>& inputs);

}  // namespace sz::run
