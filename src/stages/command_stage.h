#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/in_order.h"
#include "core/kept.h"
#include "core/stage.h"
#include "expr/key.h"
#include "stages/command_options.h"

namespace sz {

/// A stage that has a command work on each record: so many at once, answers in the order of the records
/// unless --unordered. What an answer means is the derived stage's: map, filter, tap.
///
/// Time: the stream's clock is held behind the oldest record that has no answer yet; a worker that went away
/// starts anew after a pause on the wall's clock. Back-pressure: no more input while all processes have work,
/// or while too much waits for an older record's answer. Nothing is lost at the end: what is under way is
/// waited for, and given up only by abandon(). Workers see the end of their input when nothing is left to
/// ask.
class CommandStage : public Stage {
 public:
  explicit CommandStage(CommandOptions options, bool wants_output);

  std::expected<void, SystemError> open(SideFiles& files) override;
  void push(Record& record) override;
  Time deadline() const override;
  void timeout() override;
  void complete(RequestId id, Result&& result) override;
  void abandon() override;
  std::size_t held() const override { return queue_.size(); }
  int width() const override { return static_cast<int>(capacity()); }
  bool paces() const override { return !options_.unordered; }
  bool effect() const override { return true; }
  /// Nothing comes before what is held has been answered: once all of it has been asked, workers see the end
  /// of their input. What comes later all the same starts them anew.
  void ask_for_answers();
  bool reads_clock() const override { return reads_clock_; }

 protected:
  /// Ends a record whose command ended well; `result` is what it said.
  virtual void succeeded(Record& record, Result& result) = 0;
  virtual void failed(Record& record, Failure failure) { fail(record, std::move(failure)); }
  /// Did the command end as the stage's contract has it?
  virtual bool good(const Result& result) const { return result.ok(); }
  bool keeps() const { return options_.keeps; }
  void finish() override { ask_for_answers(); }

 private:
  struct Slot {
    std::optional<Kept> kept;
    std::vector<std::string> words;  // filled from the record; empty if the command has no places
    std::string key;
    std::uint64_t number = 0;  // in the order in which they came
    std::size_t worker = 0;
    std::optional<RequestId> id;  // while it is under way
    bool answered = false;
    Result result;
    std::optional<Failure> failure;  // found before the command was asked
  };
  using Queue = InOrder<Slot>;
  using Handle = Queue::Handle;

  /// One of the processes.
  struct Job {
    std::size_t under_way = 0;
    std::deque<Handle> ready;  // with --by and a worker: its own records
    bool resting = false;      // it went away: no new record before `again`
    bool answered = false;     // it has answered once
    Time again = Time::min();
    bool wondered = false;  // it was said that it does not answer
    Time silent = never;    // when to wonder about that
    Duration pause;
  };

  std::optional<Failure> prepare(Record& record, Slot& slot);
  void make_ready(Handle handle);
  void make_ready_again(Handle handle);
  void insert_ready(std::deque<Handle>& ready, Handle handle);
  void answered(Handle handle);
  void rest(Job& job, const Result& result);
  void wonder_later(Job& job);
  bool free_job(const Job& job) const { return !job.resting && job.under_way < options_.in_flight; }
  Job* job_for(std::deque<Handle>*& from);
  void launch(Handle handle, std::size_t job);
  void start();
  void release();
  void conclude(Slot slot);
  void hold_back();
  Failure failure_of(Result& result) const;
  void pass_clock(const Mark& m) override;
  std::size_t capacity() const { return options_.jobs * options_.in_flight; }
  bool sticky() const { return options_.keeps && by_.keyed(); }

  CommandOptions options_;
  bool wants_output_, reads_clock_;
  expr::KeyOf by_;
  std::shared_ptr<const Command> command_;
  Queue queue_;
  std::deque<Handle> ready_;  // wait for a process, oldest first
  std::vector<Job> jobs_;
  boost::unordered_flat_map<RequestId, Handle> under_way_;
  /// Keys with a record under way or ready, and what waits behind it (--exec with --by).
  boost::unordered_flat_map<std::string, std::deque<Handle>> busy_;
  std::size_t unanswered_ = 0;
  std::size_t bytes_ = 0;  // of answers that wait for older ones
  std::uint64_t last_number_ = 0;
  std::size_t next_job_ = 0, restarts_ = 0;
  bool said_no_more_ = false;
  json::Document spare_;
};

}  // namespace sz
