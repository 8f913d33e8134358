#pragma once

#include <cstdint>
#include <vector>

#include "expr/code.h"
#include "expr/context.h"

namespace sz::expr {

/// Runs a Code on one input and gives its outputs one after the other. A choice (comma, .[], try ...) leaves
/// a fork behind; asking for the next output takes up the latest one. Value stack, frames and forks are
/// vectors: what a fork still needs is kept below a limit and written past, never over, so that nothing is
/// copied when a choice is made and the native stack does not grow with the program's recursion.
class Machine {
 public:
  Machine(const Code& code, Context& context) : code_(code), context_(context) {}

  enum class Status { output, done, error };
  void start(Value input);
  /// After `output`, result() holds it; after `error` the context holds the error. Then only start() may
  /// follow.
  Status next();
  Value& result() { return result_; }
  /// A variable of the function that runs now, or of one around it.
  const Value& look(std::uint32_t out, std::uint32_t i) const {
    return variables_[frames_[link(out)].base + i];
  }
  /// Lets go of everything that belongs to the last input.
  void reset();

 private:
  struct Cell {
    Value value;
    std::uint32_t below = 0;
  };
  struct Frame {
    std::uint32_t link = 0;  // the frame of the function around it
    std::uint32_t caller = 0;
    std::uint32_t return_to = 0;
    std::uint32_t base = 0;  // of its variables
    std::uint32_t variables = 0;
  };
  struct Fork {
    enum class Type : std::uint8_t { plain, each, range, mark, try_begin, try_end, error };
    Type type;
    bool tracking;
    std::uint32_t target;
    std::uint32_t top, top_limit, frame, frame_limit, nest;
    Value path, at_path;
    Value subject, upto, by;
    std::uint64_t cursor = 0, ordinal = 0;
  };

  void push(Value v);
  Value pop();
  void replace(Value v);
  const Value& top() const { return cells_[top_].value; }
  Value& variable(std::uint32_t out, std::uint32_t i);
  bool enter(std::uint32_t function, std::uint32_t link, std::uint32_t caller, std::uint32_t return_to);
  std::uint32_t link(std::uint32_t out) const;
  void leave();
  bool call(const CallSite& site, bool tail);
  bool call_closure(const Value closure, bool tail);

  bool affordable(bool grows);
  Fork& fork(Fork::Type type, std::uint32_t target);
  void restore(const Fork& f);
  void drop_forks(std::size_t count);
  bool backtrack();
  bool raise();

  bool tracked() const { return tracking_ && nest_ == 0; }
  bool intact(const Value& v) const { return !tracked() || v.same_as(at_path_); }
  void track(Value key, const Value& v);
  bool each(bool optional);
  bool no_access(bool optional);  // raises, or backtracks if optional
  bool resume_each();
  bool range();
  bool resume_range();
  bool step(const Instruction& i);
  bool access(const Instruction& i);
  bool compute(const Instruction& i);
  bool modify(const Instruction& i);
  bool give(Value v);  // replaces the top, or raises

  const Code& code_;
  Context& context_;
  std::vector<Cell> cells_;
  std::vector<Frame> frames_;
  std::vector<Value> variables_;
  std::vector<Fork> forks_;
  std::uint32_t top_ = 0, top_limit_ = 0, frame_ = 0, frame_limit_ = 0;
  std::uint32_t pc_ = 0;
  std::uint32_t nest_ = 0;
  bool tracking_ = false;
  bool started_ = false;
  bool halted_ = false;
  Value path_, at_path_;
  Value result_;
};

}  // namespace sz::expr
