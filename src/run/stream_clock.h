#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/time.h"

namespace sz::run {

/// The stream's clock where records get their time (SPEC 3): the largest time seen, and the rule of
/// --max-ahead. A value: copied to go on elsewhere from the same state.
class StreamClock {
 public:
  StreamClock() = default;
  explicit StreamClock(std::optional<Duration> max_ahead) : max_ahead_(max_ahead) {}

  /// The largest time that was taken; Time::min() before the first.
  Time now() const { return now_; }

  /// Looks at the time of the next record. False: it lies more than --max-ahead beyond the clock, which stays
  /// where it is. The first record sets the clock. One that is too far ahead is taken if the one before it
  /// was refused and lies within --max-ahead of it, before or behind: then the stream really moved.
  bool take(Time at) {
    if (at > now_) {
      if (max_ahead_ && now_ != Time::min() && at > now_ + *max_ahead_) {
        const bool seconded = refused_ && at <= *refused_ + *max_ahead_ && *refused_ <= at + *max_ahead_;
        if (!seconded) {
          refused_ = at;
          return false;
        }
      }
      now_ = at;
    }
    refused_.reset();
    return true;
  }
  /// Records were taken elsewhere, the last of them too, and the largest time among them was `t`.
  void go_on_to(Time t) {
    now_ = std::max(now_, t);
    refused_.reset();
  }

 private:
  std::optional<Duration> max_ahead_;
  Time now_ = Time::min();
  std::optional<Time> refused_;  // the time of the record before, if it was refused
};

/// The clock went from one instant to the next over more than a day.
struct ClockJump {
  Time from, to;
  std::uint64_t line = 0;  ///< of the record that moved it
};
inline constexpr Duration far_jump{24LL * 3600 * 1'000'000'000};

}  // namespace sz::run
