#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/call_window.h"
#include "core/time.h"

namespace sz {

/// The state machine of a circuit breaker (Nygard, "Release It!"; states as in Resilience4j and Polly). It
/// only counts: whoever makes the calls asks permit() before each and says result() after it. The wall's time
/// is an argument.
///
/// closed: calls go, their results are counted; a limit that is reached opens it.
/// open: nothing goes for a time; then half-open.
/// half-open: so many trial calls go. If all succeed it closes. One that fails, is slow (where that counts)
/// or has no answer in time opens it again, for longer.
///
/// The answer to a call that began before the last transition is ignored.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };
  enum class Outcome : std::uint8_t {
    success,
    failure,
    neither,  ///< it says nothing about what is called: bad data, for one
  };

  struct Rules {
    double failure_rate = 0.5;     ///< opens at this share of failed calls
    std::uint64_t min_calls = 10;  ///< shares count from so many calls on
    std::variant<std::uint64_t, Duration> window = std::uint64_t{100};
    std::optional<std::uint64_t> consecutive;  ///< opens at so many failures in a row
    std::optional<Duration> slow;              ///< a call that takes so long is slow
    double slow_rate = 1;                      ///< opens at this share of slow calls
    Duration open{30'000'000'000};             ///< how long it is open; also the time that a trial has
    double open_factor = 2;                    ///< it is open longer by this each time trials fail
    Duration open_max{600'000'000'000};
    std::uint64_t trial_calls = 3;
  };

  /// A call on its way.
  struct Call {
    std::uint64_t epoch = 0;  ///< transitions before it
    Time begun;
  };

  explicit CircuitBreaker(const Rules& rules) : rules_(rules), window_(rules.window), open_for_(rules.open) {}

  /// May a call go now? Then it is on its way and wants a result().
  std::optional<Call> permit(Time now) {
    if (state_ == State::closed) return Call{.epoch = epoch_, .begun = now};
    return permit_trial(now);
  }
  void result(const Call& call, Outcome outcome, Time now) {
    if (call.epoch != epoch_) return;
    if (state_ == State::closed && outcome == Outcome::success && !rules_.slow && window_.add_good())
      in_a_row_ = 0;
    else
      count(call, outcome, now);
  }

  /// When something happens by itself: the end of the open time, a trial that takes too long.
  Time deadline() const;
  void timeout(Time now);

  State state() const { return state_; }
  /// While open: when it becomes half-open. Else the past.
  Time may_try() const { return state_ == State::open ? until_ : Time::min(); }
  /// Could permit() give leave at once?
  bool ready() const { return state_ == State::closed || (state_ == State::half_open && trials_left_ != 0); }
  /// How long it is open this time or would be the next.
  Duration open_for() const { return open_for_; }
  /// Why it opened last, one phrase.
  std::string_view reason() const { return reason_; }
  /// How often its state has changed.
  std::uint64_t transitions() const { return epoch_; }

 private:
  bool is_slow(const Call& call, Time now) const { return rules_.slow && now - call.begun >= *rules_.slow; }
  std::optional<Call> permit_trial(Time now);
  void count(const Call& call, Outcome outcome, Time now);
  void enter(State state);
  void open(Time now, std::string_view reason);

  Rules rules_;
  CallWindow window_;
  State state_ = State::closed;
  std::uint64_t epoch_ = 0, in_a_row_ = 0;
  std::uint64_t trials_left_ = 0, trials_good_ = 0;
  std::vector<Time> trials_;  // when those on their way began, in order
  Time until_ = never;        // the end of the open time
  Duration open_for_;
  std::string reason_;
};

std::string_view name(CircuitBreaker::State state);

}  // namespace sz
