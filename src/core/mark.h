#pragma once

#include <algorithm>
#include <compare>

#include "core/time.h"

namespace sz {

/// How far the stream has come, as one stage tells the next (Out::advance). Neither part ever goes back, and
/// `settled` is never ahead of `clock`.
struct Mark {
  Time clock = Time::min();  ///< the largest time seen; timers go by it
  Time settled =
      Time::min();  ///< the clock when the oldest came of what still waits on the way; windows close by it

  constexpr Mark() = default;
  /// Nothing waits on the way.
  constexpr Mark(Time t) : clock(t), settled(t) {}  // NOLINT(google-explicit-constructor)
  constexpr Mark(Time c, Time s) : clock(c), settled(s) {}
  friend constexpr auto operator<=>(const Mark&, const Mark&) = default;

  friend constexpr Mark both_reached(const Mark& a, const Mark& b) {
    return {std::min(a.clock, b.clock), std::min(a.settled, b.settled)};
  }
  friend constexpr Mark either_reached(const Mark& a, const Mark& b) {
    return {std::max(a.clock, b.clock), std::max(a.settled, b.settled)};
  }
  /// On the way from here to `next`, where a timer of `t` stops it.
  constexpr Mark stopped_at(Time t, const Mark& next) const {
    return either_reached(*this, both_reached(t, next));
  }
};

}  // namespace sz
