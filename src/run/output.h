#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/side_file.h"
#include "core/time.h"
#include "run/host.h"

namespace sz::run {

/// Standard output with a buffer. It is written out before sz waits for anything, when it is full, and at the
/// latest `patience` after the oldest byte in it was ready. A host that takes less leaves the rest pending:
/// then the source must stop until it is gone.
class Output {
 public:
  static constexpr Duration patience{100'000'000};
  static constexpr std::size_t capacity = std::size_t{64} << 10;

  explicit Output(Host& host) : host_(host) { buffer_.reserve(2 * capacity); }

  void line(std::string_view text, Time now) {
    if (buffer_.empty()) oldest_ = now;
    buffer_.append(text);
    buffer_.push_back('\n');
    if (buffer_.size() >= capacity) flush();
  }
  /// Whole lines at once; not copied if the host takes them.
  void lines(std::string_view text, Time now);

  /// Writes as much as the host takes.
  void flush();

  bool empty() const { return taken_ == buffer_.size(); }
  /// The host would not take all at the last flush.
  bool stuck() const { return stuck_; }
  /// When the buffer must be flushed at the latest.
  Time due() const { return empty() ? never : oldest_ + patience; }
  bool closed() const { return closed_; }
  const std::optional<SystemError>& error() const { return error_; }
  std::size_t pending() const { return buffer_.size() - taken_; }

 private:
  std::size_t write(std::string_view bytes);

  Host& host_;
  std::string buffer_;
  std::size_t taken_ = 0;
  Time oldest_;
  bool stuck_ = false, closed_ = false;
  std::optional<SystemError> error_;
};

}  // namespace sz::run
