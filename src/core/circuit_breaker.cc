#include "core/circuit_breaker.h"

#include <algorithm>

#include <fmt/format.h>

namespace sz {

std::string_view name(CircuitBreaker::State state) {
  constexpr std::string_view names[] = {"closed", "open", "half-open"};
  return names[static_cast<std::size_t>(state)];
}

std::optional<CircuitBreaker::Call> CircuitBreaker::permit_trial(Time now) {
  if (!ready()) return std::nullopt;
  --trials_left_;
  trials_.push_back(now);
  return Call{.epoch = epoch_, .begun = now};
}

void CircuitBreaker::count(const Call& call, Outcome outcome, Time now) {
  const bool failed = outcome == Outcome::failure;
  const bool slow = outcome != Outcome::neither && is_slow(call, now);
  if (state_ == State::half_open) {
    trials_.erase(std::ranges::find(trials_, call.begun));
    if (failed) return open(now, "a trial failed");
    if (slow) return open(now, "a trial was slow");
    if (outcome == Outcome::neither)
      ++trials_left_;
    else if (++trials_good_ == rules_.trial_calls)
      return enter(State::closed);
    return;
  }
  if (outcome == Outcome::neither) return;
  in_a_row_ = failed ? in_a_row_ + 1 : 0;
  window_.add({.failed = failed, .slow = slow}, now);
  if (rules_.consecutive && in_a_row_ >= *rules_.consecutive) return open(now, "failures in a row");
  const CallWindow::Sums& sums = window_.sums();
  if (sums.calls < rules_.min_calls) return;
  const auto calls = static_cast<double>(sums.calls);
  if (sums.failed != 0 && static_cast<double>(sums.failed) >= rules_.failure_rate * calls)
    return open(now, "too many failures");
  if (sums.slow != 0 && static_cast<double>(sums.slow) >= rules_.slow_rate * calls)
    return open(now, "too many slow calls");
}

Time CircuitBreaker::deadline() const {
  if (state_ == State::half_open) return trials_.empty() ? never : trials_.front() + rules_.open;
  return until_;
}

void CircuitBreaker::timeout(Time now) {
  if (now < deadline()) return;
  if (state_ == State::half_open)
    return open(now, fmt::format("a trial had no answer within --open {}", to_string(rules_.open)));
  enter(State::half_open);
}

void CircuitBreaker::enter(State state) {
  state_ = state;
  ++epoch_;
  in_a_row_ = 0;
  window_.clear();
  trials_.clear();
  trials_good_ = 0;
  trials_left_ = state == State::half_open ? rules_.trial_calls : 0;
  until_ = never;
  if (state == State::closed) open_for_ = rules_.open;
}

void CircuitBreaker::open(Time now, std::string_view reason) {
  if (state_ == State::half_open) {
    const double longer = static_cast<double>(open_for_.ns) * rules_.open_factor;
    const auto most = static_cast<double>(rules_.open_max.ns);
    open_for_.ns = longer < most ? static_cast<std::int64_t>(longer) : rules_.open_max.ns;
  }
  enter(State::open);
  until_ = now + open_for_;
  reason_ = reason;
}

}  // namespace sz
