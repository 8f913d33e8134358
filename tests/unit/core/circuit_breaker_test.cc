#include "core/circuit_breaker.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace sz {
namespace {

using State = CircuitBreaker::State;
using Outcome = CircuitBreaker::Outcome;
using Rules = CircuitBreaker::Rules;

constexpr Time at(std::int64_t seconds) { return Time() + Duration{seconds * 1'000'000'000}; }
constexpr Duration s(std::int64_t seconds) { return {seconds * 1'000'000'000}; }

/// A breaker that opens at two failures in a row for 10 s and wants two good trials.
Rules two_in_a_row() {
  Rules rules;
  rules.consecutive = 2;
  rules.open = s(10);
  rules.open_max = s(60);
  rules.trial_calls = 2;
  return rules;
}

/// A call that takes no time.
void call(CircuitBreaker& breaker, Outcome outcome, Time now) {
  const auto allowed = breaker.permit(now);
  ASSERT_TRUE(allowed);
  breaker.result(*allowed, outcome, now);
}

/// `breaker` open since `t`.
CircuitBreaker opened(const Rules& rules, Time t) {
  CircuitBreaker breaker(rules);
  while (breaker.state() == State::closed) call(breaker, Outcome::failure, t);
  return breaker;
}

/// `breaker` half-open since 10 s.
CircuitBreaker half_open(const Rules& rules) {
  CircuitBreaker breaker = opened(rules, at(0));
  breaker.timeout(at(10));
  return breaker;
}

TEST(CircuitBreaker, ClosedLetsCallsGo) {
  CircuitBreaker breaker{Rules()};
  EXPECT_TRUE(breaker.ready());
  EXPECT_EQ(breaker.deadline(), never);
  for (int i = 0; i < 1000; ++i) call(breaker, Outcome::success, at(i));
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST(CircuitBreaker, ClosedToOpenByFailuresInARow) {
  CircuitBreaker breaker(two_in_a_row());
  call(breaker, Outcome::failure, at(0));
  call(breaker, Outcome::success, at(0));
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::closed);
  call(breaker, Outcome::failure, at(1));
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "failures in a row");
  EXPECT_EQ(breaker.may_try(), at(11));
  EXPECT_EQ(breaker.deadline(), at(11));
  EXPECT_FALSE(breaker.permit(at(5)));
}

TEST(CircuitBreaker, WhatCountsAsNeitherDoesNotBreakARow) {
  CircuitBreaker breaker(two_in_a_row());
  call(breaker, Outcome::failure, at(0));
  call(breaker, Outcome::neither, at(0));
  EXPECT_EQ(breaker.state(), State::closed);
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, ClosedToOpenByRateFromMinCallsOn) {
  Rules rules;
  rules.min_calls = 4;
  CircuitBreaker breaker(rules);
  for (int i = 0; i < 3; ++i) call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::closed) << "three calls are too few";
  call(breaker, Outcome::success, at(0));
  EXPECT_EQ(breaker.state(), State::open) << "three of four failed";
  EXPECT_EQ(breaker.reason(), "too many failures");
}

TEST(CircuitBreaker, AtExactlyTheRateItOpens) {
  Rules rules;
  rules.failure_rate = 0.25;
  rules.min_calls = 8;
  CircuitBreaker breaker(rules);
  for (int i = 0; i < 6; ++i) call(breaker, Outcome::success, at(0));
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::closed);
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, OnlyTheLastCallsCount) {
  Rules rules;
  rules.min_calls = 4;
  rules.window = std::uint64_t{4};
  CircuitBreaker breaker(rules);
  call(breaker, Outcome::failure, at(0));
  for (int i = 0; i < 4; ++i) call(breaker, Outcome::success, at(0));
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::closed) << "one of the last four";
  call(breaker, Outcome::failure, at(0));
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, OnlyTheLastSpanCounts) {
  Rules rules;
  rules.min_calls = 2;
  rules.window = s(100);
  CircuitBreaker breaker(rules);
  call(breaker, Outcome::failure, at(0));
  call(breaker, Outcome::success, at(101));
  call(breaker, Outcome::success, at(101));
  call(breaker, Outcome::success, at(150));
  call(breaker, Outcome::failure, at(150));
  call(breaker, Outcome::failure, at(150));
  EXPECT_EQ(breaker.state(), State::closed) << "two of five";
  call(breaker, Outcome::failure, at(202));
  EXPECT_EQ(breaker.state(), State::open) << "three of four";
}

TEST(CircuitBreaker, ClosedToOpenBySlowCalls) {
  Rules rules;
  rules.min_calls = 2;
  rules.slow = s(1);
  rules.slow_rate = 0.5;
  CircuitBreaker breaker(rules);
  for (int i = 0; i < 2; ++i) {
    const auto fast = breaker.permit(at(0));
    const auto slow = breaker.permit(at(0));
    breaker.result(*fast, Outcome::success, at(0));
    EXPECT_EQ(breaker.state(), State::closed);
    breaker.result(*slow, Outcome::success, at(1));
    break;
  }
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "too many slow calls");
}

TEST(CircuitBreaker, OpenToHalfOpenWhenTheTimeIsUp) {
  CircuitBreaker breaker = opened(two_in_a_row(), at(0));
  breaker.timeout(at(9));
  EXPECT_EQ(breaker.state(), State::open);
  breaker.timeout(at(10));
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_EQ(breaker.deadline(), never) << "no trial is on its way";
}

TEST(CircuitBreaker, HalfOpenLetsSoManyTrialsGo) {
  CircuitBreaker breaker = half_open(two_in_a_row());
  EXPECT_TRUE(breaker.permit(at(10)));
  EXPECT_TRUE(breaker.permit(at(10)));
  EXPECT_FALSE(breaker.permit(at(10)));
}

TEST(CircuitBreaker, HalfOpenToClosedWhenAllTrialsSucceed) {
  CircuitBreaker breaker = half_open(two_in_a_row());
  call(breaker, Outcome::success, at(10));
  EXPECT_EQ(breaker.state(), State::half_open);
  call(breaker, Outcome::success, at(11));
  EXPECT_EQ(breaker.state(), State::closed);
  call(breaker, Outcome::failure, at(12));
  EXPECT_EQ(breaker.state(), State::closed) << "what was before is forgotten";
}

TEST(CircuitBreaker, HalfOpenToOpenWhenOneTrialFails) {
  CircuitBreaker breaker = half_open(two_in_a_row());
  const auto first = breaker.permit(at(10)), second = breaker.permit(at(10));
  breaker.result(*first, Outcome::failure, at(12));
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "a trial failed");
  EXPECT_EQ(breaker.may_try(), at(32)) << "twice as long";
  breaker.result(*second, Outcome::success, at(13));
  EXPECT_EQ(breaker.state(), State::open) << "it began before";
}

TEST(CircuitBreaker, HalfOpenToOpenWhenATrialIsSlow) {
  Rules rules = two_in_a_row();
  rules.slow = s(2);
  CircuitBreaker breaker = half_open(rules);
  const auto trial = breaker.permit(at(10));
  breaker.result(*trial, Outcome::success, at(12));
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "a trial was slow");
}

TEST(CircuitBreaker, HalfOpenToOpenWhenATrialHasNoAnswer) {
  CircuitBreaker breaker = half_open(two_in_a_row());
  const auto quick = breaker.permit(at(11)), never_back = breaker.permit(at(15));
  EXPECT_EQ(breaker.deadline(), at(21));
  breaker.result(*quick, Outcome::success, at(12));
  EXPECT_EQ(breaker.deadline(), at(25)) << "that of the trial that is still out";
  breaker.timeout(at(24));
  EXPECT_EQ(breaker.state(), State::half_open);
  breaker.timeout(at(25));
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "a trial had no answer within --open 10s");
  breaker.result(*never_back, Outcome::success, at(26));
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, ATrialThatCountsAsNeitherGivesItsPlaceBack) {
  Rules rules = two_in_a_row();
  rules.trial_calls = 1;
  CircuitBreaker breaker = half_open(rules);
  const auto trial = breaker.permit(at(10));
  EXPECT_FALSE(breaker.ready());
  breaker.result(*trial, Outcome::neither, at(10));
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_TRUE(breaker.ready());
  EXPECT_EQ(breaker.deadline(), never);
}

TEST(CircuitBreaker, ALateAnswerOfAClosedTimeDoesNotCount) {
  CircuitBreaker breaker(two_in_a_row());
  const auto late = breaker.permit(at(0));
  call(breaker, Outcome::failure, at(0));
  call(breaker, Outcome::failure, at(0));
  breaker.timeout(at(10));
  ASSERT_EQ(breaker.state(), State::half_open);
  breaker.result(*late, Outcome::failure, at(11));
  EXPECT_EQ(breaker.state(), State::half_open);
}

TEST(CircuitBreaker, ALateAnswerDoesNotCountWhenItIsClosedAgain) {
  CircuitBreaker breaker(two_in_a_row());
  const auto first = breaker.permit(at(0)), second = breaker.permit(at(0));
  call(breaker, Outcome::failure, at(0));
  call(breaker, Outcome::failure, at(0));
  breaker.timeout(at(10));
  call(breaker, Outcome::success, at(10));
  call(breaker, Outcome::success, at(10));
  ASSERT_EQ(breaker.state(), State::closed);
  breaker.result(*first, Outcome::failure, at(11));
  breaker.result(*second, Outcome::failure, at(11));
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST(CircuitBreaker, ALateAnswerOfATrialIsNoneOfTheNextTrials) {
  Rules rules = two_in_a_row();
  rules.trial_calls = 1;
  CircuitBreaker breaker = half_open(rules);
  const auto late = breaker.permit(at(10));
  breaker.timeout(at(20));
  ASSERT_EQ(breaker.state(), State::open);
  breaker.timeout(at(40));
  ASSERT_EQ(breaker.state(), State::half_open);
  const auto trial = breaker.permit(at(40));
  breaker.result(*late, Outcome::success, at(41));
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_FALSE(breaker.ready()) << "its own trial is still out";
  EXPECT_EQ(breaker.deadline(), at(50));
  breaker.result(*trial, Outcome::success, at(42));
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST(CircuitBreaker, AFailedCallThatIsSlowTooCountsAsBoth) {
  Rules rules;
  rules.min_calls = 1;
  rules.failure_rate = 1;
  rules.slow = s(1);
  rules.slow_rate = 0.5;
  CircuitBreaker breaker(rules);
  call(breaker, Outcome::success, at(0));
  const auto both = breaker.permit(at(0));
  breaker.result(*both, Outcome::failure, at(1));
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.reason(), "too many slow calls");
}

TEST(CircuitBreaker, AFactorOfOneDoesNotGrow) {
  Rules rules = two_in_a_row();
  rules.open_factor = 1;
  CircuitBreaker breaker = half_open(rules);
  call(breaker, Outcome::failure, at(10));
  EXPECT_EQ(breaker.may_try(), at(20));
}

TEST(CircuitBreaker, TheOpenTimeGrowsToItsLargestAndClosingResetsIt) {
  CircuitBreaker breaker = opened(two_in_a_row(), at(0));
  std::int64_t now = 10;
  for (const int longer : {20, 40, 60, 60}) {
    breaker.timeout(at(now));
    call(breaker, Outcome::failure, at(now));
    EXPECT_EQ(breaker.may_try(), at(now + longer));
    now += longer;
  }
  breaker.timeout(at(now));
  call(breaker, Outcome::success, at(now));
  call(breaker, Outcome::success, at(now));
  ASSERT_EQ(breaker.state(), State::closed);
  call(breaker, Outcome::failure, at(now));
  call(breaker, Outcome::failure, at(now));
  EXPECT_EQ(breaker.may_try(), at(now + 10));
}

/// The rules once more, with a list of all calls and nothing that is fast.
class Model {
 public:
  explicit Model(const Rules& rules) : r_(rules), open_for_(rules.open) {}
  struct Call {
    std::size_t epoch;
    Time begun;
  };
  void pass(Time now) {
    if (state == State::open && now >= until) enter(State::half_open);
    if (state == State::half_open)
      for (const Time begun : out)
        if (now - begun >= r_.open) return open(now);
  }
  std::optional<Call> permit(Time now) {
    if (state == State::open || (state == State::half_open && out.size() + good >= r_.trial_calls)) return {};
    if (state == State::half_open) out.push_back(now);
    return Call{epoch, now};
  }
  void result(const Call& call, Outcome outcome, Time now) {
    if (call.epoch != epoch) return;
    const bool bad = outcome == Outcome::failure, none = outcome == Outcome::neither;
    const bool slow = !none && r_.slow && now - call.begun >= *r_.slow;
    if (state == State::half_open) {
      out.erase(std::find(out.begin(), out.end(), call.begun));
      if (bad || slow) return open(now);
      if (!none && ++good == r_.trial_calls) enter(State::closed);
      return;
    }
    if (none) return;
    calls.push_back({now, bad, slow});
    std::size_t row = 0, n = 0, failures = 0, slows = 0;
    while (row < calls.size() && calls[calls.size() - 1 - row].bad) ++row;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (const auto* size = std::get_if<std::uint64_t>(&r_.window); size && i + *size < calls.size())
        continue;
      if (const auto* span = std::get_if<Duration>(&r_.window)) {
        const auto slice = [&](Time t) { return t.ns() / (span->ns / CallWindow::slices); };
        if (slice(calls[i].at) <= slice(now) - CallWindow::slices) continue;
      }
      ++n, failures += calls[i].bad, slows += calls[i].slow;
    }
    const auto share = [n](std::size_t of, double most) {
      return of != 0 && static_cast<double>(of) >= most * static_cast<double>(n);
    };
    const bool rated = n >= r_.min_calls && (share(failures, r_.failure_rate) || share(slows, r_.slow_rate));
    if (rated || (r_.consecutive && row >= *r_.consecutive)) open(now);
  }

  State state = State::closed;
  Time until = never;

 private:
  struct Done {
    Time at;
    bool bad, slow;
  };
  void enter(State next) {
    state = next;
    ++epoch, good = 0;
    calls.clear(), out.clear();
    if (next == State::closed) open_for_ = r_.open;
  }
  void open(Time now) {
    if (state == State::half_open)
      open_for_ =
          std::min(r_.open_max,
                   Duration{static_cast<std::int64_t>(static_cast<double>(open_for_.ns) * r_.open_factor)});
    enter(State::open);
    until = now + open_for_;
  }
  Rules r_;
  Duration open_for_;
  std::size_t epoch = 0, good = 0;
  std::vector<Done> calls;
  std::vector<Time> out;
};

Rules random_rules() {
  Rules rules;
  rules.failure_rate = *rc::gen::element(0.1, 0.25, 0.5, 1.0);
  rules.min_calls = *rc::gen::inRange<std::uint64_t>(1, 6);
  if (*rc::gen::arbitrary<bool>())
    rules.window = *rc::gen::inRange<std::uint64_t>(rules.min_calls, 12);
  else
    rules.window = s(*rc::gen::element(1, 10, 100));
  if (*rc::gen::arbitrary<bool>()) rules.consecutive = *rc::gen::inRange<std::uint64_t>(1, 5);
  if (*rc::gen::arbitrary<bool>()) {
    rules.slow = s(*rc::gen::inRange(1, 4));
    rules.slow_rate = *rc::gen::element(0.2, 0.5, 1.0);
  }
  rules.open = s(*rc::gen::inRange(1, 10));
  rules.open_factor = *rc::gen::element(1.0, 1.5, 3.0);
  rules.open_max = s(*rc::gen::inRange(10, 40));
  rules.trial_calls = *rc::gen::inRange<std::uint64_t>(1, 4);
  return rules;
}

TEST(CircuitBreaker, AgreesWithAModelOnAnySequenceOfEvents) {
  const bool agree = rc::check("breaker and model", [] {
    const Rules rules = random_rules();
    CircuitBreaker breaker(rules);
    Model model(rules);
    std::deque<std::pair<CircuitBreaker::Call, Model::Call>> out;
    Time now = at(0);
    for (const int what : *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(0, 100))) {
      if (what < 25) now = now + Duration{(what % 10) * 500'000'000LL};
      while (breaker.deadline() <= now) breaker.timeout(now);
      model.pass(now);
      if (what >= 25 && what < 65) {
        const auto real = breaker.permit(now);
        const auto wanted = model.permit(now);
        RC_ASSERT(real.has_value() == wanted.has_value());
        if (real) out.emplace_back(*real, *wanted);
      } else if (what >= 65 && !out.empty()) {
        const auto which = static_cast<std::size_t>(what) % out.size();
        const auto [real, wanted] = out[which];
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(which));
        const Outcome outcome = what % 7 < 3   ? Outcome::success
                                : what % 7 < 6 ? Outcome::failure
                                               : Outcome::neither;
        breaker.result(real, outcome, now);
        model.result(wanted, outcome, now);
      }
      RC_ASSERT(breaker.state() == model.state);
      if (model.state == State::open) RC_ASSERT(breaker.may_try() == model.until);
    }
  });
  EXPECT_TRUE(agree);
}

}  // namespace
}  // namespace sz
