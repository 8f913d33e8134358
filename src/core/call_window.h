#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "core/time.h"

namespace sz {

/// How a call to something outside went.
struct CallResult {
  bool failed = false;
  bool slow = false;
};

/// The sums of the latest calls: of the last N, or of those in a span of time. A span is kept as `slices`
/// partial sums, so memory does not grow with the rate; a call is forgotten when its slice has left the span:
/// up to a hundredth of the span early. All operations are O(1) amortised.
class CallWindow {
 public:
  static constexpr std::int64_t slices = 100;

  explicit CallWindow(std::variant<std::uint64_t, Duration> size);

  void add(CallResult result, Time now) {
    if (by_count_)
      add_counted(result);
    else
      add_timed(result, now);
  }
  /// add() of a good call, if all that it has are good and counted by number; false if it did nothing.
  bool add_good() {
    if (!by_count_ || sums_.failed != 0 || sums_.slow != 0) return false;
    ring_[at_] = {};
    at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
    if (sums_.calls != ring_.size()) ++sums_.calls;
    return true;
  }
  void clear();

  struct Sums {
    std::uint64_t calls = 0, failed = 0, slow = 0;
  };
  /// As of the last add().
  const Sums& sums() const { return sums_; }

 private:
  struct Slice {
    Time::Wide number = 0;
    Sums sums;
  };
  void add_counted(CallResult result);
  void add_timed(CallResult result, Time now);
  void forget_before(Time::Wide number);

  bool by_count_;
  Duration slice_;                // by time: the length of one
  std::vector<CallResult> ring_;  // by count: the last N calls
  std::vector<Slice> sliced_;     // by time: a ring by number
  std::size_t at_ = 0;
  Time::Wide newest_ = 0;
  Sums sums_;
};

}  // namespace sz
