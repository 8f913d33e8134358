#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "core/time.h"
#include "run/os.h"

namespace sz::run {

/// How long a run waits for its outputs to be read: without end until a signal ends it, from then on for
/// --drain-timeout in all (SPEC 4). Monotonic time. begin() and the waiting may come from any thread, the
/// rest from the one that made it and owns the pipeline.
class Drain {
 public:
  explicit Drain(Duration timeout) : timeout_(timeout) {}

  /// The signal came. Only the first call counts.
  void begin();
  /// Waits until poll(2) says that `fd` takes something, or what is wrong with it, which writing then tells.
  /// False once the time is up.
  bool wait_writable(int fd);
  /// Waits for `pause`, or less: false once the time is up.
  bool wait(Duration pause);
  /// Called before each waiting of this thread, so that nothing else waits with it.
  void before_waiting(std::function<void()> act) { act_ = std::move(act); }
  /// For who is about to wait otherwise.
  void act_before_waiting() const {
    if (std::this_thread::get_id() == owner_ && act_) act_();
  }

 private:
  bool wait(int fd, std::optional<Duration> most);
  std::optional<Duration> left() const;

  Duration timeout_;
  std::thread::id owner_ = std::this_thread::get_id();
  std::atomic<std::int64_t> begun_ = 0;  ///< CLOCK_MONOTONIC in ns, 0 before begin()
  Bell began_;                           ///< rung by begin()
  std::function<void()> act_;
};

}  // namespace sz::run
