#include <map>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/attempt.h"
#include "core/composite.h"
#include "core/envelope.h"
#include "core/in_order.h"
#include "core/kept.h"
#include "core/retry_schedule.h"
#include "expr/argument.h"
#include "expr/condition.h"

namespace sz {
namespace {

/// Is it worth another try, where no --if says so?
bool may_pass(const Failure& failure) {
  constexpr int bad_record = 65;  // EX_DATAERR of sysexits(3)
  switch (failure.kind) {
    case FailureKind::exec_exit:
      return failure.exit != bad_record;
    case FailureKind::exec_signal:
    case FailureKind::exec_timeout:
    case FailureKind::exec_spawn:
    case FailureKind::breaker_open:
    case FailureKind::throttled:
    case FailureKind::full:
      return true;
    default:
      return false;
  }
}

struct Options {
  RetrySchedule schedule;
  std::optional<Duration> max_elapsed;
  std::optional<RetryBudget> budget;
  std::optional<expr::Program> condition;
  std::vector<std::string> sources;
};

/// Each record has a slot until its last try is over. What a try emits stays in the slot until the whole try
/// has settled; slots leave from the front. So many slots are at work as the inner pipeline is wide, those in
/// back-off among them; the others wait.
class Retry final : public Composite, private Failures {
 public:
  explicit Retry(Options options) : o_(std::move(options)) {}

  void push(Record& record) override {
    enter();
    if (o_.budget) o_.budget->record();
    ++held_;
    const Handle handle = slots_.open({});
    Slot& slot = slots_[handle];
    slot.origin = std::move(record.origin);
    slot.clock = clock();
    if (active_ >= wide() || waiting_ != 0 || pumping_) {
      slot.kept = std::make_unique<Kept>(record, run().keep_originals);
      slot.state = State::waiting;
      if (waiting_++ == 0) next_waiting_ = handle;
    } else {
      begin_lent(handle, record);
    }
    pump();
  }

  Failures& failures(std::size_t) override { return *this; }
  Time deadline() const override { return timers_.empty() ? never : timers_.begin()->first.first; }
  void timeout() override {
    const bool before = std::exchange(pumping_, true);
    while (!timers_.empty() && timers_.begin()->first.first <= run().now) {
      const Handle handle = timers_.begin()->second;
      timers_.erase(timers_.begin());
      --active_;
      begin(handle);
    }
    pumping_ = before;
    pump();
  }
  std::size_t held() const override { return held_; }
  std::size_t joining() const override { return slots_.size() - held_; }
  bool paces() const override { return true; }
  bool needs_originals() const override { return o_.condition.has_value(); }

  // What is being tried ends by itself, when the stages inside are told.
  void abandon() override {
    const bool before = std::exchange(pumping_, true);
    timers_.clear();
    for (Handle handle = slots_.first(); handle != none; handle = slots_.next(handle)) {
      Slot& slot = slots_[handle];
      if (slot.state == State::waiting)
        --waiting_;
      else if (slot.state == State::backing_off)
        --active_;
      else
        continue;
      slot.state = State::over;
      slots_.fill(handle);
      --held_;
      Record record = slot.kept->release(spare_);
      record.origin = std::move(slot.origin);
      if (run().discarding || !slot.failed) {
        give_up(record);
      } else {
        Failure failure{.kind = FailureKind::shutdown, .error = "the run ended before it was done"};
        failure.attempts = static_cast<std::uint32_t>(slot.tries);
        failure.cause =
            cause_of(slot.failed->failure, slot.failed->stage->name(), slot.failed->stage->index());
        Stage::fail(record, std::move(failure));
      }
    }
    pumping_ = before;
    pump();
  }

 private:
  enum class State : std::uint8_t { waiting, trying, failed, backing_off, over };
  struct Failed {
    Failed(Failure f, const Stage* s, std::string r)
        : failure(std::move(f)), stage(s), record(std::move(r)) {}
    Failure failure;
    const Stage* stage = nullptr;
    std::string record;
  };
  struct Slot {
    State state = State::trying;
    std::unique_ptr<Kept> kept;  // once it must last
    Origin origin;
    Time clock, begun;
    std::uint64_t tries = 0;
    std::vector<Kept> outputs;
    std::unique_ptr<Failed> failed;  // of this try, at the earliest stage
    Verdict verdict = Verdict::none;
  };
  using Handle = InOrder<Slot>::Handle;
  static constexpr Handle none = InOrder<Slot>::none;
  static constexpr std::size_t slots_a_width = 4;  // so many more may be done and wait for their turn

  class Try final : public Attempt {
   public:
    Try(Retry& of, Handle slot) : Attempt(Origin()), of_(of), slot_(slot) {}
    Handle slot() const { return slot_; }
    void lines(std::vector<Line>& out) const override { of_.slots_[slot_].origin.lines(out); }
    const std::string* cause() const override { return of_.slots_[slot_].origin.cause(); }

   private:
    void settled(Verdict v) override { of_.settled(slot_, v); }
    Retry& of_;
    Handle slot_;
  };

  std::size_t wide() const { return static_cast<std::size_t>(inner(0).width); }

  void begin(Handle handle, Record& record) {
    Slot& slot = slots_[handle];
    if (slot.tries++ == 0) slot.begun = run().now;
    slot.state = State::trying;
    slot.outputs.clear();
    slot.failed.reset();
    ++active_;
    if (run().event_time) clock_into_inners(slot.clock);
    record.origin = Origin::of(std::make_unique<Try>(*this, handle).release());
    inner(0).head->push(record);
  }
  void begin(Handle handle) {
    Record record = slots_[handle].kept->release(spare_);
    begin(handle, record);
  }
  // The first try has the record as it was lent; it is copied only if it must last.
  void begin_lent(Handle handle, Record& record) {
    pumping_ = true;
    lent_ = handle;
    begin(handle, record);
    if (std::exchange(lent_, none) != none) {
      Slot& slot = slots_[handle];
      if (slot.state != State::over) slot.kept = std::make_unique<Kept>(record, run().keep_originals);
      if (slot.state == State::failed) judge(handle);
    }
    pumping_ = false;
  }

  void came_out(std::size_t, Record& record) override {
    const auto* const attempt = static_cast<Try*>(record.origin.attempt());
    const Handle handle = attempt->slot();
    Slot& slot = slots_[handle];
    Origin inside = std::move(record.origin);
    const bool whole = handle == lent_ && handle == slots_.first() && slot.outputs.empty() && !slot.failed &&
                       inside.is_last_of(attempt);
    if (!whole) slot.outputs.emplace_back(record, run().keep_originals);
    inside.settle(run().ledger, Verdict::none);
    if (!whole) return;
    // All that came of the first try, at once, and nothing is in front of it: no need to keep it.
    record.origin = std::move(slot.origin);
    lent_ = none;
    --held_;
    slots_.take(handle);
    emit(record);
  }

  void fail(Record& record, Failure failure, const Stage* stage) override {
    Slot& slot = slots_[static_cast<Try*>(record.origin.attempt())->slot()];
    if (!slot.failed || before(failure, *stage, *slot.failed))
      slot.failed = std::make_unique<Failed>(std::move(failure), stage, std::string(record.text()));
    record.origin.settle(run().ledger, Verdict::failed);
  }

  // Of several failures the earliest stage's counts; a tap's, whose record went on, only if there is no
  // other.
  static bool before(const Failure& failure, const Stage& stage, const Failed& other) {
    if (failure.tap != other.failure.tap) return other.failure.tap;
    return stage.index() < other.stage->index();
  }

  void settled(Handle handle, Verdict v) {
    Slot& slot = slots_[handle];
    slot.verdict = v;
    if (slot.failed) {
      slot.state = State::failed;
      if (handle != lent_) judge(handle);
    } else {
      over(handle);
    }
    pump();
  }

  void over(Handle handle) {
    slots_[handle].state = State::over;
    --active_;
    slots_.fill(handle);
  }

  // Another try, later, or the failure is final: it is reported at once and the slot leaves empty.
  void judge(Handle handle) {
    Slot& slot = slots_[handle];
    if (const auto due = next_try(slot)) {
      slot.state = State::backing_off;
      timers_.emplace(std::pair(*due, ++turns_), handle);
      return;
    }
    Failed failed = std::move(*slot.failed);
    failed.failure.attempts = static_cast<std::uint32_t>(slot.tries);
    Kept kept = std::move(*slot.kept);
    const Record as_it_came = kept.release(spare_);
    json::Document value;
    Record record(failed.record, value);
    record.at = as_it_came.at;
    record.line = as_it_came.line;
    if (failed.failure.tap) {
      record.origin = slot.origin.split(run().ledger);
      ++counts().made;
    } else {
      record.origin = std::move(slot.origin);
      slot.outputs.clear();
      --held_;
    }
    over(handle);
    ++counts().failed;
    outer().fail(record, std::move(failed.failure), failed.stage);
  }

  std::optional<Time> next_try(Slot& slot) {
    const Failure& failure = slot.failed->failure;
    if (failure.kind == FailureKind::shutdown || failure.kind == FailureKind::internal) return std::nullopt;
    if (!(o_.condition ? holds(slot) : may_pass(failure))) return std::nullopt;
    // Being turned away by a breaker is no try; what is there to be paced is asked again no sooner than this.
    constexpr Duration shortest{1}, turned_away{1'000'000};
    const bool refused = failure.kind == FailureKind::breaker_open;
    if (refused)
      --slot.tries;
    else if (slot.tries >= o_.schedule.attempts())
      return std::nullopt;
    const Time now = run().now;
    Time due = std::max(now + o_.schedule.wait(slot.tries), now + (refused ? turned_away : shortest));
    due = std::max(due, failure.not_before);
    if (o_.max_elapsed && due > slot.begun + *o_.max_elapsed) return std::nullopt;
    if (!refused && o_.budget && !o_.budget->take()) return std::nullopt;
    if (events())
      event("retry", {{"kind", sz::name(failure.kind)}, {"tried", slot.tries}, {"in", due - now}});
    return due;
  }

  // --if on the envelope. Where the expression fails the record has failed.
  bool holds(Slot& slot) {
    Failure& failure = slot.failed->failure;
    failure.attempts = static_cast<std::uint32_t>(slot.tries);
    const Record record = slot.kept->release(spare_);
    std::vector<Line> lines;
    if (record.line != nullptr)
      lines.push_back(*record.line);
    else
      slot.origin.lines(lines);
    envelope_.clear();
    append_envelope(envelope_, {.failure = failure,
                                .stage = slot.failed->stage->name(),
                                .index = slot.failed->stage->index(),
                                .record = slot.failed->record,
                                .lines = lines,
                                .sources = o_.sources,
                                .summed = slot.origin.summed()});
    const auto truthy = o_.condition->truthy(envelope_value_.parse_valid(envelope_), clock());
    return truthy && *truthy;
  }

  void pump() {
    if (std::exchange(pumping_, true)) return;
    do {
      slots_.release([this](Slot slot) { leave(std::move(slot)); }, [](Time) {});
      if (waiting_ == 0 || active_ >= wide() || slots_.size() - waiting_ >= slots_a_width * wide()) break;
      const Handle handle = next_waiting_;
      --waiting_;
      next_waiting_ = slots_.next(handle);
      begin(handle);
    } while (true);
    pumping_ = false;
    if (slots_.empty() && run().event_time) clock_into_inners(clock());
    block(waiting_ != 0 || active_ >= wide());
  }

  void leave(Slot slot) {
    if (!slot.origin) return;  // it has failed
    leaving_ = slot.clock;
    settle_clock();
    --held_;
    if (slot.outputs.empty()) {
      ++counts().filtered;
      slot.origin.settle(run().ledger, slot.verdict == Verdict::failed ? Verdict::none : slot.verdict);
    } else {
      counts().made += slot.outputs.size() - 1;
      for (std::size_t i = 0; i < slot.outputs.size(); ++i) {
        Record record = slot.outputs[i].release(spare_);
        record.origin =
            i + 1 < slot.outputs.size() ? slot.origin.split(run().ledger) : std::move(slot.origin);
        emit(record);
      }
    }
    leaving_.reset();
  }

  void pass_clock(Time t) override {
    if (slots_.empty()) clock_into_inners(t);
  }
  Time clock_limit() const override {
    if (leaving_) return *leaving_;
    const Handle first = slots_.first();
    return first == none ? never : slots_[first].clock;
  }
  bool clock_by_exit(std::size_t) const override { return false; }
  bool may_end() const override { return slots_.empty(); }

  Options o_;
  InOrder<Slot> slots_;
  std::size_t active_ = 0, waiting_ = 0, held_ = 0;
  Handle next_waiting_ = none, lent_ = none;
  std::map<std::pair<Time, std::uint64_t>, Handle> timers_;
  std::uint64_t turns_ = 0;
  bool pumping_ = false;
  std::optional<Time> leaving_;
  std::string envelope_;
  json::Document spare_, envelope_value_;
};

std::uint64_t jitter_seed(const Arguments& arguments, const Settings& settings) {
  if (settings.seeded) return settings.seed * 0x9E3779B97F4A7C15U + arguments.step_word;
  std::random_device random;
  return (std::uint64_t{random()} << 32) ^ random();
}

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  RetrySchedule::Rules rules;
  const auto error = [&](std::string_view name, std::string_view must) {
    return std::unexpected(arguments.error(name, fmt::format("{} {}", name, must)));
  };
  rules.attempts = arguments.count("--attempts").value_or(rules.attempts);
  if (rules.attempts == 0) return error("--attempts", "must be at least 1: it counts the first try");
  rules.delay = arguments.duration("--delay").value_or(rules.delay);
  if (rules.delay.ns < 0) return error("--delay", "must not be negative");
  rules.max_delay = arguments.duration("--max-delay").value_or(rules.max_delay);
  if (rules.max_delay < rules.delay) {
    if (arguments.given("--max-delay")) return error("--max-delay", "must not be less than --delay");
    rules.max_delay = rules.delay;
  }
  const auto factor = parse_factor(arguments.text("--factor").value_or("2"));
  if (!factor) return error("--factor", factor.error());
  rules.factor = *factor;
  const auto jitter = arguments.text("--jitter").value_or("full");
  rules.jitter = jitter == "none"    ? RetrySchedule::Jitter::none
                 : jitter == "equal" ? RetrySchedule::Jitter::equal
                                     : RetrySchedule::Jitter::full;
  Options options{.schedule = RetrySchedule(rules, jitter_seed(arguments, settings)),
                  .max_elapsed = arguments.duration("--max-elapsed"),
                  .budget = {},
                  .condition = {},
                  .sources = settings.inputs};
  if (options.max_elapsed && options.max_elapsed->ns <= 0)
    return error("--max-elapsed", "must be more than 0");
  if (const auto share = arguments.share("--budget")) options.budget.emplace(*share);
  auto condition = expr::compile_optional(arguments, "--if", settings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  if (auto checked = expr::check_condition(arguments, "--if"); !checked)
    return std::unexpected(std::move(checked.error()));
  options.condition = std::move(*condition);
  return std::make_unique<Retry>(std::move(options));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  of.branches = true;
  of.order = "kept: a record that waits for its next try keeps its place";
  of.memory = "the records in tries, and their output: as many as the stage inside works on (--jobs)";
  of.latency =
      fmt::format("{} tries (--attempts), up to {} apart (--max-delay)",
                  arguments.count("--attempts").value_or(0), duration_text(arguments, "--max-delay"));
  if (arguments.given("--max-elapsed"))
    of.latency +=
        fmt::format(", none begun after {} (--max-elapsed)", duration_text(arguments, "--max-elapsed"));
  of.clock = Explanation::Clock::wall;
  of.end = "what waits is tried to its end, in real time";
  if (arguments.text("--jitter") != "none" && !settings.seeded)
    of.varies.emplace_back("delays are random without --seed or --jitter none");
}

}  // namespace

extern const Declaration retry_stage;
const Declaration retry_stage = {
    .name = "retry",
    .section = "Prefixes",
    .summary = "try again what may work the next time",
    .description =
        "Repeats the stage or bracket behind it for a record that failed there, after a growing, jittered "
        "delay. "
        "Each try sees the record as it came in; what a try emits is held until the whole try has succeeded. "
        "Tried again are failures of kind exec_exit (but status 65), exec_signal, exec_timeout, exec_spawn, "
        "breaker_open, throttled and full; --if decides instead, on the dead letter that it would become "
        "(sz help failures), and where that expression fails there is no other try.\n\n"
        "Order is kept: a record that waits keeps its place. So many records are tried at once, those that "
        "wait "
        "for their next try among them, as the stage inside works on at once (--jobs), and the reading waits "
        "meanwhile. A failure that stays is reported as it came last, with the number of attempts; of "
        "several "
        "in one try that of the first stage. Being turned away by a breaker inside is no attempt: the retry "
        "waits at "
        "least until the breaker may try.\n\n"
        "Delays are the wall's, also under --time. What waits at the end of input is tried to its end; after "
        "a signal, for --drain-timeout. A bracket may hold only stages that answer each record by itself.",
    .options = {{.name = "--attempts",
                 .letter = 'n',
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "tries, the first one included",
                 .fallback = "3"},
                {.name = "--delay",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "before the second try",
                 .fallback = "100ms"},
                {.name = "--max-delay",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "but never longer than this",
                 .fallback = "30s"},
                {.name = "--factor",
                 .type = ValueType::text,
                 .metavar = "X",
                 .help = "longer by this each time",
                 .fallback = "2"},
                {.name = "--jitter",
                 .type = ValueType::choice,
                 .metavar = "full|equal|none",
                 .help = "wait anything from 0, or from half, to the delay, or just it",
                 .fallback = "full",
                 .choices = {"full", "equal", "none"}},
                {.name = "--max-elapsed",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "no try begins later than this after the first"},
                {.name = "--budget",
                 .type = ValueType::share,
                 .metavar = "SHARE",
                 .help = "further tries for at most this share of the records, and ten"},
                {.name = "--if",
                 .type = ValueType::expression,
                 .metavar = "EXPR",
                 .help = "try again if this holds for the dead letter"}},
    .traits = {.repeatable = true, .timed = true, .prefix = true},
    .examples =
        {{.title = "a throttle that refuses is asked again",
          .words = "retry --delay 10ms map '.n + 1'",
          .input = "{\"n\":1}\n{\"n\":2}\n",
          .output = "2\n3\n"},
         {.title = "try only what the expression says, whatever failed",
          .words = "retry --attempts 2 --delay 1ms --if '.kind == \"expr\"' [ map .n then filter '. > 1' ]",
          .input = "{\"n\":1}\n{\"n\":2}\n",
          .output = "2\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
