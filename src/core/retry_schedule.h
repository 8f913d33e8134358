#pragma once

#include <cstdint>

#include "core/time.h"

namespace sz {

/// How long to wait before each further try: delay, delay * factor, ... up to a largest, with jitter
/// (Brooker, "Exponential Backoff And Jitter", AWS 2015).
class RetrySchedule {
 public:
  enum class Jitter : std::uint8_t {
    full,   ///< anything from 0 to the delay
    equal,  ///< anything from half the delay to the delay
    none,   ///< the delay
  };
  struct Rules {
    std::uint64_t attempts = 3;  ///< tries, the first one included
    Duration delay{100'000'000};
    Duration max_delay{30'000'000'000};
    double factor = 2;
    Jitter jitter = Jitter::full;
  };
  /// `seed` decides the jitter.
  RetrySchedule(const Rules& rules, std::uint64_t seed) : rules_(rules), state_(seed) {}

  std::uint64_t attempts() const { return rules_.attempts; }
  /// The wait after try number `tried`, from 1. The next call draws anew.
  Duration wait(std::uint64_t tried);

 private:
  Rules rules_;
  std::uint64_t state_;
};

/// A bound on retries as a share of the records: each record brings `share` of a retry, each retry takes one,
/// and what is left over is kept for bad times up to a limit (Finagle's RetryBudget is the model).
class RetryBudget {
 public:
  static constexpr double reserve = 10;  ///< to begin with, and so much more can be saved up at most

  explicit RetryBudget(double share) : share_(share) {}
  void record() { balance_ = balance_ + share_ < 2 * reserve ? balance_ + share_ : 2 * reserve; }
  bool take() {
    if (balance_ < 1) return false;
    balance_ -= 1;
    return true;
  }

 private:
  double share_, balance_ = reserve;
};

}  // namespace sz
