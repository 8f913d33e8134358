#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "run/child.h"

namespace sz::run {

/// A process that is kept: it gets a line for each request and answers each with a line, in order. Lines are
/// gathered and written together. When it ends, says too much, or answers what nobody asked, all that it had
/// is answered as broken and it accepts no more; so are answers that nobody has taken yet when there is one
/// too many, since nobody knows which that is. If it had nothing, take_loss() says what happened.
class Worker final : public Child {
 public:
  Worker(const ChildWorld& world, std::uint64_t serial, Spawned process,
         std::shared_ptr<const Command> command);

  const Command* command() const { return command_.get(); }
  bool accepts() const { return accepts_; }
  bool idle() const { return waiting_.empty(); }
  void ask(RequestId id, std::string_view line, Time now);
  /// Writes what was gathered.
  void flush() { write_input(); }
  void finish_input() override;
  bool finished() const { return finished_; }
  /// Why it accepts no more, where no answer says so. Once.
  std::string take_loss();
  /// It printed more lines than it was asked for, and no record failed for it.
  bool unasked() const { return unasked_; }

 private:
  void take_output(std::string_view bytes, Time now) override;
  void input_written() override;
  void output_ended(Time now) override;
  void ended(std::optional<int> exit, std::optional<int> signal) override;
  Time patience() const override;
  void patience_over(Time now) override;
  void take_line(std::string_view line, Time now);
  /// It is of no use any more: `why`, then it is ended.
  void give_up(std::string why, Time now);
  void fail_all(std::string why, std::optional<int> exit, std::optional<int> signal);
  void too_many(Time now);
  void lose(std::string why);

  std::shared_ptr<const Command> command_;
  std::deque<RequestId> waiting_;
  std::vector<RequestId> given_;  // answers that nobody may have taken yet
  Time since_;                    // the oldest of them has the worker to itself
  Time mute_until_ = never;       // it has closed its output and should end by itself
  std::string partial_;
  bool accepts_ = true, reads_ = true, finished_ = false, timed_out_ = false, told_ = false, unasked_ = false;
  std::string loss_;
};

}  // namespace sz::run
