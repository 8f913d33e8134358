#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/composite.h"
#include "core/in_order.h"
#include "core/kept.h"
#include "core/retry_schedule.h"
#include "expr/program.h"

namespace sz::retry {

struct Options {
  RetrySchedule schedule;
  std::optional<Duration> max_elapsed;
  std::optional<RetryBudget> budget;
  std::optional<expr::Program> condition;  ///< decides on the dead letter which failures are tried again
  std::vector<std::string> sources;        ///< of the run, for the letter
};

/// Tries what it wraps again for a record that failed there. Each record has a slot until its last try is
/// over. What a try emits stays in the slot until the whole try has settled; slots leave from the front. So
/// many slots are at work as the inner pipeline is wide, those in back-off among them; the others wait.
///
/// Time: back-off is on the wall's clock. The stream's clock goes in with the record that is tried and comes
/// out with the slot that leaves.
///
/// End: the inner pipeline is ended when no slot is left, for until then a record may be tried again. So that
/// a worker which keeps its answers in a buffer gives them, it sees the end of its input as soon as all slots
/// wait for answers; a new try starts a new process.
class RetryStage final : public Composite, private Failures {
 public:
  explicit RetryStage(Options options);

  void push(Record& record) override;
  Failures& failures(std::size_t) override { return *this; }
  Time deadline() const override { return timers_.empty() ? never : timers_.begin()->first.first; }
  void timeout() override;
  std::size_t held() const override { return held_; }
  std::size_t joining() const override { return slots_.size() - held_; }
  bool paces() const override { return true; }
  bool needs_originals() const override { return o_.condition.has_value(); }
  void close() override;
  void abandon() override;

 private:
  class Try;
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
    Mark clock;
    Time begun;
    std::uint64_t tries = 0;
    std::vector<Kept> outputs;
    std::unique_ptr<Failed> failed;  // of this try, at the earliest stage
    Verdict verdict = Verdict::none;
  };
  using Handle = InOrder<Slot>::Handle;
  static constexpr Handle none = InOrder<Slot>::none;

  std::size_t wide() const { return static_cast<std::size_t>(inner(0).width); }
  void begin(Handle handle, Record& record);
  void begin(Handle handle);
  void begin_lent(Handle handle, Record& record);
  void came_out(std::size_t, Record& record) override;
  void fail(Record& record, Failure failure, const Stage* stage) override;
  static bool before(const Failure& failure, const Stage& stage, const Failed& other);
  void settled(Handle handle, Verdict v);
  void over(Handle handle);
  void judge(Handle handle);
  std::optional<Time> next_try(Slot& slot);
  bool holds(Slot& slot);
  void pump();
  void ask_for_answers();
  void leave(Slot slot);
  void pass_clock(const Mark& m) override;
  Mark clock_limit() const override;
  bool clock_by_exit(std::size_t) const override { return false; }
  bool may_end() const override { return slots_.empty(); }

  Options o_;
  InOrder<Slot> slots_;
  std::size_t active_ = 0, waiting_ = 0, held_ = 0;
  Handle next_waiting_ = none, lent_ = none;
  std::map<std::pair<Time, std::uint64_t>, Handle> timers_;
  std::uint64_t turns_ = 0;
  bool pumping_ = false;
  std::optional<Mark> leaving_;
  std::string envelope_;
  json::Document spare_, envelope_value_;
};

}  // namespace sz::retry
