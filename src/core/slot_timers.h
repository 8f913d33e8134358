#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/time.h"

namespace sz {

/// At most one timer for each slot of a Keyed, for timers that are set in the order in which they fall due
/// (now plus a fixed span). Setting one again replaces it. Memory is in proportion to the timers that are
/// set, not to how often they were.
class SlotTimers {
 public:
  using Slot = std::uint32_t;

  void set(Slot slot, Time at);
  void cancel(Slot slot);
  /// The earliest timer; `never` if none is set.
  Time due() const { return queue_.empty() ? never : queue_.front().at; }
  /// Takes the earliest timer out: whose it is. There is one.
  Slot take();

 private:
  struct Timer {
    Time at;
    Slot slot;
    std::uint64_t stamp;
  };
  bool stale(const Timer& timer) const { return stamps_[timer.slot] != timer.stamp; }
  void tidy();

  std::deque<Timer> queue_;            // the front is never stale
  std::vector<std::uint64_t> stamps_;  // by slot, of its latest timer; 0 is none
  std::uint64_t last_stamp_ = 0;
  std::size_t active_ = 0;
};

}  // namespace sz
