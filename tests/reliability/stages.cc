#include "stages.h"

#include <deque>
#include <optional>
#include <utility>

#include "core/kept.h"
#include "core/stage.h"

namespace sz::simulate {
namespace {

class Watch final : public Stage {
 public:
  void push(Record& record) override {
    enter();
    if (over_) run().notice(*this, "a record after the end");
    if (!record.origin) run().notice(*this, "a record without an origin");
    if (!record.value().valid()) run().notice(*this, "a record without a value");
    emit(record);
  }
  void advance(Time t) override {
    if (over_) run().notice(*this, "the clock moved after the end");
    if (!run().event_time) run().notice(*this, "the stream's clock without --time");
    if (t < last_) run().notice(*this, "the clock went back");
    last_ = t;
    Stage::advance(t);
  }

 private:
  void finish() override {
    if (std::exchange(over_, true)) run().notice(*this, "a second end");
  }
  bool over_ = false;
  Time last_ = Time::min();
};

class Outside final : public Stage {
 public:
  Outside(std::uint64_t jobs, std::optional<Duration> timeout) : jobs_(jobs), timeout_(timeout) {}

  void push(Record& record) override {
    enter();
    Slot& slot = slots_.emplace_back();
    slot.kept.emplace(record, run().keep_originals);
    ++held_;
    ++unfinished_;
    start();
  }

  void advance(Time t) override {
    if (slots_.empty()) return Stage::advance(t);
    Slot& mark = slots_.emplace_back();
    mark.clock = t;
    mark.over = true;
  }

  Time deadline() const override {
    if (timeout_)
      for (const Slot& slot : slots_)
        if (slot.id && !slot.over) return slot.started + *timeout_;  // they start in order
    return never;
  }
  void timeout() override {
    for (Slot& slot : slots_)
      if (slot.id && !slot.over && slot.started + *timeout_ <= run().now) {
        slot.late = true;
        finished(slot);
        break;
      }
    release();
  }

  void complete(RequestId id, Result&& result) override {
    for (Slot& slot : slots_)
      if (slot.id == id && !slot.over) {
        slot.result = std::move(result);
        finished(slot);
        break;
      }
    release();
  }

  std::size_t held() const override { return held_; }

  void abandon() override {
    while (!slots_.empty()) {
      Slot slot = take_first();
      if (!slot.kept) continue;
      if (!slot.over) finished(slot);
      --held_;
      Record record = slot.kept->release(spare_);
      give_up(record);
    }
    block(false);
  }

 private:
  struct Slot {
    std::optional<Kept> kept;  // nothing: a mark of the stream's clock
    Time clock, started;
    std::optional<RequestId> id;
    Result result;
    bool over = false, late = false;
  };

  void finished(Slot& slot) {
    slot.over = true;
    --unfinished_;
    if (slot.id) --running_;
  }
  Slot take_first() {
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    return slot;
  }
  void release() {
    while (!slots_.empty() && slots_.front().over) {
      Slot slot = take_first();
      if (!slot.kept) {
        Stage::advance(slot.clock);
        continue;
      }
      --held_;
      Record record = slot.kept->release(spare_);
      if (slot.late) {
        fail(record, FailureKind::exec_timeout, "no answer in time");
      } else if (!slot.result.ok()) {
        fail(record, FailureKind::exec_exit, slot.result.error);
      } else {
        Record made(slot.result.output, made_spare_);
        emit_instead(record, made);
      }
    }
    start();
  }
  void start() {
    for (Slot& slot : slots_) {
      if (running_ >= jobs_) break;
      if (slot.over || slot.id || !slot.kept) continue;
      slot.started = run().now;
      slot.id = run().start(*this, Request{.input = std::string(slot.kept->value_text())});
      ++running_;
    }
    block(unfinished_ >= jobs_);
  }

  std::uint64_t jobs_;
  std::optional<Duration> timeout_;
  std::deque<Slot> slots_;
  std::size_t held_ = 0, running_ = 0, unfinished_ = 0;
  json::Document spare_, made_spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build_watch(const Arguments&, const Settings&) {
  return std::make_unique<Watch>();
}

std::expected<std::unique_ptr<Stage>, PlanError> build_outside(const Arguments& arguments, const Settings&) {
  return std::make_unique<Outside>(*arguments.count("--jobs"), arguments.duration("--timeout"));
}

const Declaration watch_stage = {.name = "watch",
                                 .section = "Simulator",
                                 .summary = "check the order of signals",
                                 .description = "For tests.",
                                 .build = build_watch};

const Declaration outside_stage = {
    .name = "outside",
    .section = "Simulator",
    .summary = "send each record out and wait for the answer",
    .description = "For tests.",
    .options =
        {{.name = "--jobs", .type = ValueType::count, .metavar = "N", .help = "at once", .fallback = "1"},
         {.name = "--timeout", .type = ValueType::duration, .metavar = "D", .help = "for one answer"}},
    .traits = {.timed = true},
    .build = build_outside};

std::vector<const Declaration*> table() {
  std::vector<const Declaration*> all(plan::stages().begin(), plan::stages().end());
  all.push_back(&watch_stage);
  all.push_back(&outside_stage);
  return all;
}

}  // namespace

plan::Declarations all_stages() {
  static const std::vector<const Declaration*> all = table();
  return all;
}

}  // namespace sz::simulate
