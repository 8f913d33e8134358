#pragma once

#include <cstddef>
#include <expected>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/failure.h"
#include "core/ledger.h"
#include "core/out.h"
#include "core/request.h"
#include "core/side_file.h"
#include "core/time.h"

namespace sz {

class Stage;

/// What the runner lends to all stages of a pipeline.
class Run {
 public:
  virtual ~Run() = default;

  Time now;                 ///< the wall's time of the event being delivered; only the runner writes it
  bool event_time = false;  ///< --time is given: the stream's clock comes by advance()
  bool discarding = false;  ///< what is abandoned is not wanted further on: it is filtered and does not fail
  bool keep_originals = false;  ///< dead letters will want the input lines of kept records
  bool events = false;          ///< --events is given: event() is listened to
  bool stopping = false;        ///< a limit on failures was passed: what came_later() is not emitted
  Ledger ledger;
  int blocked = 0;         ///< what wants no more input for now, up to the next buffer; the source feeds
                           ///< while it is 0
  bool attention = false;  ///< the runner must look at something before the next record: a stage is done, the
                           ///< output is stuck, a failure counts

  /// Asks for work outside; the answer comes by `stage.complete(id, result)`.
  virtual RequestId start(Stage& stage, Request request) = 0;
  /// The answer is not wanted any more and will not come; a command is ended.
  virtual void cancel(RequestId) {}
  /// No more will be asked of a command's workers: they see the end of their input. Their answers still come.
  virtual void no_more(const Command&) {}

  /// While `stopping`: did all of the record come after the failure that passed the limit?
  virtual bool came_later(const Record&) const { return false; }

  /// One line on stderr about the pipeline itself.
  virtual void notice(const Stage& stage, std::string_view text) = 0;

  /// One line for --events. Ask `events` first: then it costs nothing while nobody listens.
  virtual void event(const Event&) {}
};

/// One step of a pipeline at run time: (state, record, now) -> (records, failures, requests). It never
/// blocks, sleeps, reads a clock or does I/O of its own. There are two clocks: the stream's (due, tick) and
/// the wall's (deadline, timeout); without --time the runner drives both from the wall. All calls come from
/// one thread.
class Stage : public Out {
 public:
  /// Bound once, when the plan is built, last stage first. `index` counts from 1 in plan order.
  void connect(Run& run, Out& next, Failures& failures, std::string_view stage_name, std::size_t index);
  /// Whom it holds back when it wants no more: the counts of the source (Run::blocked), as after connect(),
  /// and of the buffers from which records come here without another buffer between. Before any record.
  void hold_back(std::vector<int*> pressures) { pressures_ = std::move(pressures); }

  /// Opens what the stage writes beside stdout; called once before any input is read.
  virtual std::expected<void, SystemError> open(SideFiles&) { return {}; }

  void advance(const Mark& to) override;
  void end() final;
  /// Passes the end on once nothing is held. The runner calls it after each event.
  virtual void close();
  bool closed() const { return closed_; }

  virtual Time due() const { return never; }  ///< the next timer on the stream's clock
  virtual void tick(Time) {}                  ///< that timer; due() must move on
  /// What the stages behind this one see of the clock while a timer of `t` fires here. A stage whose records
  /// belong to the span before `t` (a window's result has its end - 1 ns) says so, or they would come late.
  virtual Time clock_behind(Time t) const { return t; }
  virtual Time deadline() const { return never; }  ///< the next timer on the wall's clock
  virtual void timeout() {}                        ///< that timer; deadline() must move past Run::now
  virtual void complete(RequestId, Result&&) {}    ///< the answer to a request of its own
  virtual void abandon() {}                        ///< the drain timeout: give_up() all that is held
  /// --idle-timeout: no input came for so long. Closes every open group now, closed_by "idle"; the clock does
  /// not move.
  virtual void idle() {}
  virtual std::size_t held() const {
    return 0;
  }  ///< records that wait here: the ledger's `held`, and what end() waits for
  virtual bool done() const { return false; }  ///< all further input would be filtered

  /// How many records it can work on at once; what wraps it sends it no more (a command: its jobs).
  virtual int width() const { return 1; }
  /// May a record wait here for the outside (a command, a rate, a back-off) and leave later, but in order?
  virtual bool paces() const { return false; }
  /// May a record wait here for the stream (a batch, a window, the end of input)?
  virtual bool gathers() const { return false; }
  /// Does it need the input lines of records that are kept (Run::keep_originals)?
  virtual bool needs_originals() const { return false; }

  /// Does it do something outside, as its declaration may not know (Traits::effect)?
  virtual bool effect() const { return false; }
  /// Does what it does to a record depend on the clock (an expression calls `now`)?
  virtual bool reads_clock() const { return false; }
  /// Do its timers go by what is settled, as those of windows do, and not by the clock?
  virtual bool waits_for_settled() const { return false; }

  std::string_view name() const { return name_; }
  std::size_t index() const { return index_; }
  const Counts& counts() const { return counts_; }
  Counts& counts() { return counts_; }

 protected:
  virtual void finish() {}  ///< no more input: let go of what waits for the stream
  /// Passes the stream's clock on. A stage that paces the outside holds it back behind its oldest unfinished
  /// record; one that waits for the stream holds back what is settled (HoldingStage).
  virtual void pass_clock(const Mark& m) {
    if (!closed_) next_->advance(m);
  }

  Run& run() const { return *run_; }
  Out& next() const { return *next_; }
  Failures& outer() const { return *failures_; }
  bool ended() const { return ended_; }
  void note_clock(Mark m) { mark_ = either_reached(mark_, m); }
  /// Each push begins with this.
  void enter() { ++counts_.in; }
  void emit(Record& record) {
    ++counts_.out;
    next_->push(record);
  }
  /// Passes `made` on in the place of `from`.
  void emit_instead(Record& from, Record& made) {
    made.at = from.at;
    made.line = from.line;
    made.origin = std::move(from.origin);
    emit(made);
  }
  /// Passes `part` on as one of several records that come of `whole`; then finish_parts(whole), also after
  /// none.
  void emit_part(Record& whole, Record& part);
  void finish_parts(Record& whole, bool any);
  /// Ends a record that the pipeline was asked not to pass on.
  void filter_out(Record& record) {
    ++counts_.filtered;
    record.origin.settle(run_->ledger, Verdict::filtered);
  }
  void drop(Record& record, std::string_view reason);
  /// Counts a record as dropped whose origin is settled elsewhere.
  void count_dropped(std::string_view reason);
  /// drop() of a record that there was no room for (a rate, a buffer): that is an event.
  void shed(Record& record, std::string_view reason);
  /// Ends a record that waited here and will not be waited for: fails it as `shutdown`, or filters it under
  /// Run::discarding.
  void give_up(Record& record);
  void fail(Record& record, FailureKind kind, std::string error);
  void fail(Record& record, Failure failure);
  /// Fails a copy of the record, as a tap does; the record itself stays with the caller.
  void fail_copy(Record& record, Failure failure);
  /// --max-keys was reached and one key had to go: counted, said once, and an event. `key` is JSON text.
  void count_eviction(std::string_view key);
  /// Is it worth the while to call event()?
  bool events() const { return run_->events; }
  /// Something that happened to this stage, for --events.
  void event(std::string_view kind, std::initializer_list<EventField> fields);
  /// Asks what feeds this stage, the source or a buffer, to stop, or lets it go on.
  void block(bool on);
  /// The stream's clock: the last advance() under --time, else the wall's.
  Time clock() const { return run_->event_time ? mark_.clock : run_->now; }
  /// How far it is settled (Mark): on the wall that is the clock itself.
  Time settled() const { return run_->event_time ? mark_.settled : run_->now; }
  Mark mark() const { return run_->event_time ? mark_ : Mark(run_->now); }
  /// Ends the output early, because whatever comes will be filtered.
  void pass_end();

 private:
  void fire_up_to(const Mark& to);

  Run* run_ = nullptr;
  Out* next_ = nullptr;
  Failures* failures_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  Counts counts_;
  Mark mark_;
  bool ended_ = false, closed_ = false, blocked_ = false;
  std::vector<int*> pressures_;
};

}  // namespace sz
