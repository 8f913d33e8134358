#include "core/stage.h"

#include <algorithm>
#include <utility>

namespace sz {

void Stage::connect(Run& run, Out& next, Failures& failures, std::string_view stage_name, std::size_t index) {
  run_ = &run;
  pressures_ = {&run.blocked};
  next_ = &next;
  failures_ = &failures;
  name_ = stage_name;
  index_ = index;
}

// A clock that jumps stops at each deadline in order, here and further on: what a timer releases finds the
// stages behind it at that instant, their own timers of that instant already fired.
void Stage::advance(const Mark& to) {
  if (due() <= to.clock) fire_up_to(to);
  mark_ = to;
  pass_clock(to);
}

void Stage::fire_up_to(const Mark& to) {
  const Time until = waits_for_settled() ? to.settled : to.clock;
  for (Time next = due(); next <= until; next = due()) {
    const Mark before = std::exchange(mark_, mark_.stopped_at(next, to));
    pass_clock(either_reached(before, {clock_behind(mark_.clock), clock_behind(mark_.settled)}));
    tick(next);
  }
}

void Stage::end() {
  if (ended_) return;
  ended_ = true;
  finish();
  close();
}

void Stage::close() {
  if (ended_ && held() == 0) pass_end();
}

void Stage::pass_end() {
  if (std::exchange(closed_, true)) return;
  run_->attention = true;
  block(false);
  next_->end();
}

void Stage::emit_part(Record& whole, Record& part) {
  ++counts_.made;
  part.at = whole.at;
  part.line = whole.line;
  part.origin = whole.origin.split(run_->ledger);
  emit(part);
}

// The whole settles after its last part was split off: before that, the line could end too early.
void Stage::finish_parts(Record& whole, bool any) {
  if (!any) return filter_out(whole);
  --counts_.made;
  whole.origin.settle(run_->ledger, Verdict::none);
}

void Stage::count_dropped(std::string_view reason) {
  ++counts_.dropped;
  const auto known = counts_.reasons.find(reason);
  if (known != counts_.reasons.end())
    ++known->second;
  else
    counts_.reasons.emplace(reason, 1);
}

void Stage::drop(Record& record, std::string_view reason) {
  count_dropped(reason);
  record.origin.settle(run_->ledger, Verdict::dropped);
}

void Stage::shed(Record& record, std::string_view reason) {
  if (events()) {
    if (record.line != nullptr)
      event("dropped", {{"reason", reason}, {"line", record.line->number}});
    else
      event("dropped", {{"reason", reason}});
  }
  drop(record, reason);
}

void Stage::fail(Record& record, FailureKind kind, std::string error) {
  fail(record, Failure{.kind = kind, .error = std::move(error)});
}

void Stage::fail(Record& record, Failure failure) {
  ++counts_.failed;
  failures_->fail(record, std::move(failure), this);
}

void Stage::fail_copy(Record& record, Failure failure) {
  Record copy(record.text(), record.value());
  copy.at = record.at;
  copy.line = record.line;
  copy.origin = record.origin.split(run_->ledger);
  failure.tap = true;
  ++counts_.made;
  fail(copy, std::move(failure));
}

void Stage::give_up(Record& record) {
  if (run_->discarding)
    filter_out(record);
  else
    fail(record, FailureKind::shutdown, "the run ended before it was done");
}

void Stage::count_eviction(std::string_view key) {
  if (counts_.evicted++ == 0)
    run_->notice(*this, "more keys than --max-keys: the least recently used ones go first");
  if (events()) event("evicted", {{"key", JsonText{key}}});
}

void Stage::event(std::string_view kind, std::initializer_list<EventField> fields) {
  std::optional<Time> at;
  if (run_->event_time && mark_.clock != Time::min()) at = mark_.clock;
  run_->event({.kind = kind, .stage = this, .clock = at, .fields = fields});
}

void Stage::block(bool on) {
  if (std::exchange(blocked_, on) == on) return;
  for (int* const pressure : pressures_) *pressure += on ? 1 : -1;
}

}  // namespace sz
