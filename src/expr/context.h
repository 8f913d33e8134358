#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/line.h"
#include "core/time.h"
#include "expr/heap.h"
#include "expr/regex_cache.h"
#include "expr/value.h"

namespace sz::expr {

class Machine;

/// What one evaluation carries along: the heap, the fuel, the time, and the error in flight. Operations
/// return Value::fault() after they set the error here.
struct Context {
  Context(std::uint64_t most_steps, std::size_t most_bytes)
      : heap(most_bytes), max_steps(most_steps), max_value(most_bytes) {}

  Heap heap;
  std::uint64_t max_steps;
  std::size_t max_value;
  std::uint64_t steps = 0;
  Time now;
  const Line* line = nullptr;                 ///< of the input, lent; null if it has none
  std::vector<std::string> inputs;            ///< their names, by Line::source
  std::function<void(std::string_view)> say;  ///< takes lines for stderr; empty: nowhere
  Value error;
  bool fatal = false;  ///< a limit was passed: no `try` catches that
  std::string scratch, scratch2;
  std::vector<Value> locals;         ///< of the direct evaluator, sized when the program is compiled
  const Machine* machine = nullptr;  ///< whose variables direct nodes read
  RegexCache regexes;

  /// Before each input.
  void begin(Time t, const Line* of) {
    steps = 0;
    line = of;
    now = t;
    fatal = false;
    if (error.tag() != Value::Tag::null) error = Value();
  }
  Value fail(Value e) {
    error = std::move(e);
    return Value::fault();
  }
  Value fail(std::string message) { return fail(Value::string(heap, std::move(message))); }
  /// Takes `n` steps of fuel; false (with the error set) when it is used up.
  bool spend(std::uint64_t n) {
    steps += n;
    if (steps <= max_steps) [[likely]]
      return true;
    out_of_steps();
    return false;
  }
  void out_of_steps();
  Value too_large();
  Value too_deep();
  /// `v` just grew: a fault if it or all values are now beyond the limits, else `v`.
  Value grown(Value v);
  /// The error in jq's words.
  std::string message() const;
};

}  // namespace sz::expr
