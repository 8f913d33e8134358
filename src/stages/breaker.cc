#include <deque>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/attempt.h"
#include "core/circuit_breaker.h"
#include "core/composite.h"
#include "core/declaration.h"
#include "core/kept.h"

namespace sz {
namespace {

using Outcome = CircuitBreaker::Outcome;
using State = CircuitBreaker::State;

/// What a failure inside says about what is called: bad data, or the end of the run, says nothing.
Outcome outcome_of(const Failure& failure) {
  constexpr int bad_record = 65;  // EX_DATAERR of sysexits(3)
  switch (failure.kind) {
    case FailureKind::parse:
    case FailureKind::too_long:
    case FailureKind::too_deep:
    case FailureKind::time:
    case FailureKind::expr:
    case FailureKind::type:
    case FailureKind::arg:
    case FailureKind::path:
    case FailureKind::late:
    case FailureKind::shutdown:
    case FailureKind::internal:
      return Outcome::neither;
    case FailureKind::exec_exit:
      return failure.exit == bad_record ? Outcome::neither : Outcome::failure;
    case FailureKind::exec_signal:
    case FailureKind::exec_timeout:
    case FailureKind::exec_spawn:
    case FailureKind::exec_output:
    case FailureKind::breaker_open:
    case FailureKind::throttled:
    case FailureKind::full:
      break;
  }
  return Outcome::failure;
}

/// One record in is one call. It succeeds when all that came of it in the inner pipeline has left or ended
/// without a failure.
class Breaker final : public Composite, private Failures {
 public:
  Breaker(const CircuitBreaker::Rules& rules, bool waits) : breaker_(rules), waits_(waits) {}

  void push(Record& record) override {
    enter();
    // What permit() would give while closed, but for a copy of it that would wait for the store.
    if (waiting_.empty() && breaker_.state() == State::closed)
      return begin(record, breaker_.transitions(), run().now);
    if (waiting_.empty())
      if (const auto call = breaker_.permit(run().now)) return begin(record, call->epoch, call->begun);
    if (!waits_) return refuse(record);
    waiting_.emplace_back(record, run().keep_originals, mark());
    block(true);
  }

  Failures& failures(std::size_t) override { return *this; }
  Time deadline() const override { return breaker_.deadline(); }
  void timeout() override {
    breaker_.timeout(run().now);
    after_event();
  }
  std::size_t held() const override { return waiting_.size() + on_the_way_; }
  bool paces() const override { return waits_ || Composite::paces(); }
  void abandon() override {
    while (!waiting_.empty()) {
      Waiting first = take_first();
      Record record = first.kept.release(spare_);
      give_up(record);
    }
    block(false);
  }

 private:
  class Calling final : public Attempt {
   public:
    Calling(Breaker& of, Origin origin, const CircuitBreaker::Call& call)
        : Attempt(std::move(origin)), of_(of), call_(call) {}
    void note(Outcome outcome) {
      if (outcome == Outcome::failure || outcome_ == Outcome::success) outcome_ = outcome;
    }
    void renew(Origin origin, std::uint64_t epoch, const Time& begun) {
      Attempt::renew(std::move(origin));
      call_.epoch = epoch;
      call_.begun = begun;
      outcome_ = Outcome::success;
      left = false;
    }
    bool left = false;  ///< something has come out or failed

   private:
    void settled(Verdict v) override { of_.over(*this, call_, outcome_, v, parent()); }
    void retire(std::unique_ptr<Scope> self) override {
      of_.spare_calling_.reset(static_cast<Calling*>(self.release()));
    }
    Breaker& of_;
    CircuitBreaker::Call call_;
    Outcome outcome_ = Outcome::success;
  };
  struct Waiting {
    Waiting(Record& record, bool originals, Mark c) : kept(record, originals), clock(c) {}
    Kept kept;
    Mark clock;
  };

  /// Nothing that waits may go while a record is on its way out: it would overtake.
  class Quiet {
   public:
    explicit Quiet(Breaker& of) : of_(of), before_(std::exchange(of.pumping_, true)) {}
    ~Quiet() {
      of_.pumping_ = before_;
      if (!before_ && !of_.waiting_.empty()) of_.after_event();
    }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

   private:
    Breaker& of_;
    bool before_;
  };

  void begin(Record& record, std::uint64_t epoch, const Time& begun) {
    ++on_the_way_;
    std::unique_ptr<Calling> calling = std::move(spare_calling_);
    if (calling)
      calling->renew(std::move(record.origin), epoch, begun);
    else
      calling = std::make_unique<Calling>(*this, std::move(record.origin),
                                          CircuitBreaker::Call{.epoch = epoch, .begun = begun});
    record.origin = Origin::of(calling.release());
    inner(0).head->push(record);
  }

  void refuse(Record& record) {
    Failure failure{.kind = FailureKind::breaker_open,
                    .error = breaker_.state() == State::open
                                 ? "the breaker is open"
                                 : "the breaker is half-open, its trials are out"};
    failure.not_before = breaker_.may_try();
    Stage::fail(record, std::move(failure));
  }

  void came_out(std::size_t, Record& record) override {
    const Quiet quiet(*this);
    leave(record);
    emit(record);
  }

  void fail(Record& record, Failure failure, const Stage* stage) override {
    static_cast<Calling*>(record.origin.attempt())->note(outcome_of(failure));
    const Quiet quiet(*this);
    leave(record);
    ++counts().failed;
    outer().fail(record, std::move(failure), stage);
  }

  void leave(Record& record) {
    auto* const calling = static_cast<Calling*>(record.origin.attempt());
    calling->left = true;
    ++counts().made;
    calling->leave(record, run().ledger);
  }

  // The record itself is accounted for by what left; if nothing did, by how it ended inside.
  void over(const Calling& calling, const CircuitBreaker::Call& call, Outcome outcome, Verdict v,
            Origin& origin) {
    --on_the_way_;
    if (calling.left)
      --counts().made;
    else if (v == Verdict::dropped)
      count_dropped("inside");
    else
      ++counts().filtered;
    origin.settle(run().ledger, v);
    breaker_.result(call, outcome, run().now);
    after_event();
  }

  // May be called from within any call into the inner pipeline.
  void after_event() {
    tell();
    if (waiting_.empty() || std::exchange(pumping_, true)) return;
    while (!waiting_.empty()) {
      const auto call = breaker_.permit(run().now);
      if (!call) break;
      Waiting first = take_first();
      if (run().event_time) clock_into_inners(first.clock);
      Record record = first.kept.release(spare_);
      begin(record, call->epoch, call->begun);
      if (run().event_time) clock_into_inners(waiting_.empty() ? mark() : waiting_.front().clock);
    }
    pumping_ = false;
    block(!waiting_.empty());
  }

  Waiting take_first() {
    Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }

  void tell() {
    if (breaker_.transitions() == told_) return;
    told_ = breaker_.transitions();
    const std::string_view state = sz::name(breaker_.state());
    if (breaker_.state() == State::open) {
      run().notice(*this, fmt::format("open for {}: {}", to_string(breaker_.open_for()), breaker_.reason()));
      if (events())
        event("breaker", {{"state", state}, {"reason", breaker_.reason()}, {"for", breaker_.open_for()}});
      return;
    }
    run().notice(*this, state);
    if (events()) event("breaker", {{"state", state}});
  }

  void pass_clock(const Mark& m) override {
    if (waiting_.empty()) clock_into_inners(m);
  }
  bool may_end() const override { return waiting_.empty(); }

  CircuitBreaker breaker_;
  bool waits_;
  std::deque<Waiting> waiting_;
  std::size_t on_the_way_ = 0;
  std::uint64_t told_ = 0;
  bool pumping_ = false;
  std::unique_ptr<Calling> spare_calling_;  // one that has settled, for the next
  json::Document spare_;
};

/// `100` calls or `30s` of time.
std::expected<std::variant<std::uint64_t, Duration>, PlanError> window(const Arguments& arguments) {
  const std::string text = arguments.text("--window").value_or("100");
  if (const auto count = parse_count(text)) {
    if (*count == 0 || *count > 1'000'000)
      return std::unexpected(arguments.error("--window", "--window must be 1 to 1000000 calls, or a time"));
    return *count;
  }
  const auto span = parse_duration(text);
  if (!span || span->ns <= 0)
    return std::unexpected(arguments.error(
        "--window", "--window is neither a number of calls such as 100 nor a time such as 30s"));
  return *span;
}

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  CircuitBreaker::Rules rules;
  const auto error = [&](std::string_view name, std::string_view must) {
    return std::unexpected(arguments.error(name, fmt::format("{} {}", name, must)));
  };
  rules.failure_rate = arguments.share("--failure-rate").value_or(rules.failure_rate);
  if (rules.failure_rate <= 0) return error("--failure-rate", "must be more than 0");
  rules.min_calls = arguments.count("--min-calls").value_or(rules.min_calls);
  if (rules.min_calls == 0) return error("--min-calls", "must be at least 1");
  auto size = window(arguments);
  if (!size) return std::unexpected(std::move(size.error()));
  rules.window = *size;
  if (const auto* calls = std::get_if<std::uint64_t>(&rules.window); calls && *calls < rules.min_calls) {
    if (arguments.given("--min-calls")) return error("--min-calls", "must not be more than --window");
    rules.min_calls = *calls;
  }
  rules.consecutive = arguments.count("--consecutive");
  if (rules.consecutive == 0) return error("--consecutive", "must be at least 1");
  rules.slow = arguments.duration("--slow");
  if (rules.slow && rules.slow->ns <= 0) return error("--slow", "must be more than 0");
  if (arguments.given("--slow-rate") && !rules.slow) return error("--slow-rate", "goes with --slow D");
  rules.slow_rate = arguments.share("--slow-rate").value_or(rules.slow_rate);
  if (rules.slow_rate <= 0) return error("--slow-rate", "must be more than 0");
  rules.open = arguments.duration("--open").value_or(rules.open);
  if (rules.open.ns <= 0) return error("--open", "must be more than 0");
  const auto factor = parse_factor(arguments.text("--open-factor").value_or("2"));
  if (!factor) return error("--open-factor", factor.error());
  rules.open_factor = *factor;
  rules.open_max = arguments.duration("--open-max").value_or(rules.open_max);
  if (rules.open_max < rules.open) {
    if (arguments.given("--open-max")) return error("--open-max", "must not be less than --open");
    rules.open_max = rules.open;
  }
  rules.trial_calls = arguments.count("--trial-calls").value_or(rules.trial_calls);
  if (rules.trial_calls == 0 || rules.trial_calls > 1000) return error("--trial-calls", "must be 1 to 1000");
  return std::make_unique<Breaker>(rules, arguments.text("--when-open") == "wait");
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  of.branches = true;
  of.memory = fmt::format("the outcome of calls in --window {}", arguments.text("--window").value_or(""));
  of.failures = "breaker_open";
  if (arguments.text("--when-open") == "wait") {
    of.failures.clear();
    of.latency = fmt::format("while it is open: {} (--open), growing to {} (--open-max)",
                             duration_text(arguments, "--open"), duration_text(arguments, "--open-max"));
    of.end = "what waits is waited for, in real time";
  }
  of.clock = Explanation::Clock::wall;
  of.varies.emplace_back("whether it is open depends on how the calls went, and when");
}

}  // namespace

extern const Declaration breaker_stage;
const Declaration breaker_stage = {
    .name = "breaker",
    .section = "Prefixes",
    .summary = "stop calling what keeps failing, for a time",
    .description =
        "A circuit breaker around the stage or bracket behind it; one record in is one call. Closed: calls "
        "go. "
        "It opens when --failure-rate of the calls in --window failed, counted from --min-calls on, at "
        "--consecutive failures in a row, or when --slow-rate of them took --slow or longer. Open: records "
        "fail "
        "with kind breaker_open, or wait with --when-open wait and hold back the reading. After --open it is "
        "half-open and lets --trial-calls go: if all succeed it closes; one that fails, is slow or has no "
        "answer "
        "within --open opens it again, --open-factor times as long, up to --open-max. Closing resets "
        "that.\n\n"
        "Bad data counts as neither success nor failure: kinds parse, expr, type, arg and their like, and "
        "a command's exit status 65. The answer to a call that began before the last change of state is "
        "passed "
        "on and not counted.\n\n"
        "Order is that of what it wraps. The clock is the wall's, also under --time. Each change of state is "
        "an event and one line on stderr. It cannot wrap what makes one record of many.",
    .options = {{.name = "--failure-rate",
                 .type = ValueType::share,
                 .metavar = "SHARE",
                 .help = "open at this share of failed calls",
                 .fallback = "50%"},
                {.name = "--min-calls",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "shares count from so many calls on",
                 .fallback = "10"},
                {.name = "--window",
                 .type = ValueType::text,
                 .metavar = "N|D",
                 .help = "look at the last N calls, or those of the last D",
                 .fallback = "100"},
                {.name = "--consecutive",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "open at so many failures in a row"},
                {.name = "--slow",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "a call that takes so long is slow"},
                {.name = "--slow-rate",
                 .type = ValueType::share,
                 .metavar = "SHARE",
                 .help = "open at this share of slow calls",
                 .fallback = "100%"},
                {.name = "--open",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "stay open so long; also the time a trial has",
                 .fallback = "30s"},
                {.name = "--open-factor",
                 .type = ValueType::text,
                 .metavar = "X",
                 .help = "longer by this each time a trial fails",
                 .fallback = "2"},
                {.name = "--open-max",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "but no longer than this",
                 .fallback = "10m"},
                {.name = "--trial-calls",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "so many calls must succeed to close it",
                 .fallback = "3"},
                {.name = "--when-open",
                 .type = ValueType::choice,
                 .metavar = "fail|wait",
                 .help = "what to do with records meanwhile",
                 .fallback = "fail",
                 .choices = {"fail", "wait"}}},
    .traits = {.repeatable = true, .timed = true, .prefix = true},
    .examples = {{.title = "stop calling a command that failed five times in a row",
                  .words = "breaker --consecutive 5 map --exec 'tr a-z A-Z' --timeout 10s",
                  .input = "{\"n\":1}\n{\"n\":2}\n",
                  .output = "{\"N\":1}\n{\"N\":2}\n"},
                 {.title = "wait for a service that is down instead of failing records",
                  .words = "breaker --failure-rate 50% --open 10s --when-open wait filter --exec 'grep -q 2'",
                  .input = "{\"n\":1}\n{\"n\":2}\n",
                  .output = "{\"n\":2}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
