#include "stages/retry_stage.h"

#include "core/attempt.h"
#include "core/envelope.h"
#include "stages/command_stage.h"

namespace sz::retry {
namespace {

constexpr std::size_t slots_a_width = 4;  // so many more may be done and wait for their turn

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
    case FailureKind::exec_output:  // not what it printed, but that a worker went away with all it had
      return failure.not_before != Time::min();
    default:
      return false;
  }
}

}  // namespace

class RetryStage::Try final : public Attempt {
 public:
  Try(RetryStage& of, Handle slot) : Attempt(Origin()), of_(of), slot_(slot) {}
  Handle slot() const { return slot_; }
  void lines(std::vector<Line>& out) const override { of_.slots_[slot_].origin.lines(out); }
  const std::string* cause() const override { return of_.slots_[slot_].origin.cause(); }

 private:
  void settled(Verdict v) override { of_.settled(slot_, v); }
  RetryStage& of_;
  Handle slot_;
};

RetryStage::RetryStage(Options options) : o_(std::move(options)) {}

void RetryStage::push(Record& record) {
  enter();
  if (o_.budget) o_.budget->record();
  ++held_;
  const Handle handle = slots_.open({});
  Slot& slot = slots_[handle];
  slot.origin = std::move(record.origin);
  slot.clock = mark();
  if (active_ >= wide() || waiting_ != 0 || pumping_) {
    slot.kept = std::make_unique<Kept>(record, run().keep_originals);
    slot.state = State::waiting;
    if (waiting_++ == 0) next_waiting_ = handle;
  } else {
    begin_lent(handle, record);
  }
  pump();
}

void RetryStage::timeout() {
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

// What is being tried ends by itself, when the stages inside are told.
void RetryStage::abandon() {
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
      failure.cause = cause_of(slot.failed->failure, slot.failed->stage->name(), slot.failed->stage->index());
      Stage::fail(record, std::move(failure));
    }
  }
  pumping_ = before;
  pump();
}

void RetryStage::begin(Handle handle, Record& record) {
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

void RetryStage::begin(Handle handle) {
  Record record = slots_[handle].kept->release(spare_);
  begin(handle, record);
}

// The first try has the record as it was lent; it is copied only if it must last.
void RetryStage::begin_lent(Handle handle, Record& record) {
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

void RetryStage::came_out(std::size_t, Record& record) {
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

void RetryStage::fail(Record& record, Failure failure, const Stage* stage) {
  Slot& slot = slots_[static_cast<Try*>(record.origin.attempt())->slot()];
  if (!slot.failed || before(failure, *stage, *slot.failed))
    slot.failed = std::make_unique<Failed>(std::move(failure), stage, std::string(record.text()));
  record.origin.settle(run().ledger, Verdict::failed);
}

// Of several failures the earliest stage's counts; a tap's, whose record went on, only if there is no
// other.
bool RetryStage::before(const Failure& failure, const Stage& stage, const Failed& other) {
  if (failure.tap != other.failure.tap) return other.failure.tap;
  return stage.index() < other.stage->index();
}

void RetryStage::settled(Handle handle, Verdict v) {
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

void RetryStage::over(Handle handle) {
  slots_[handle].state = State::over;
  --active_;
  slots_.fill(handle);
}

// Another try, later, or the failure is final: it is reported at once and the slot leaves empty.
void RetryStage::judge(Handle handle) {
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

std::optional<Time> RetryStage::next_try(Slot& slot) {
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
  if (events()) event("retry", {{"kind", sz::name(failure.kind)}, {"tried", slot.tries}, {"in", due - now}});
  return due;
}

// --if on the envelope. Where the expression fails the record has failed.
bool RetryStage::holds(Slot& slot) {
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

void RetryStage::pump() {
  if (std::exchange(pumping_, true)) return;
  do {
    slots_.release([this](Slot slot) { leave(std::move(slot)); }, [](Mark) {});
    if (waiting_ == 0 || active_ >= wide() || slots_.size() - waiting_ >= slots_a_width * wide()) break;
    const Handle handle = next_waiting_;
    --waiting_;
    next_waiting_ = slots_.next(handle);
    begin(handle);
  } while (true);
  pumping_ = false;
  if (slots_.empty() && run().event_time) clock_into_inners(mark());
  block(waiting_ != 0 || active_ >= wide());
}

void RetryStage::close() {
  if (ended() && waiting_ == 0 && timers_.empty() && !slots_.empty()) ask_for_answers();
  Composite::close();
}

// Of the first commands only that have something: what is behind gets its answers yet.
void RetryStage::ask_for_answers() {
  for (Stage* const stage : inner(0).stages)
    if (auto* const commands = dynamic_cast<CommandStage*>(stage);
        commands != nullptr && commands->held() != 0)
      return commands->ask_for_answers();
}

void RetryStage::leave(Slot slot) {
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
      record.origin = i + 1 < slot.outputs.size() ? slot.origin.split(run().ledger) : std::move(slot.origin);
      emit(record);
    }
  }
  leaving_.reset();
}

void RetryStage::pass_clock(const Mark& m) {
  if (slots_.empty()) clock_into_inners(m);
}

Mark RetryStage::clock_limit() const {
  if (leaving_) return *leaving_;
  const Handle first = slots_.first();
  return first == none ? Mark(never) : slots_[first].clock;
}

}  // namespace sz::retry
