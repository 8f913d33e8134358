#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "expr/access.h"
#include "expr/native.h"
#include "expr/operators.h"
#include "expr/value.h"

namespace sz::expr {

namespace direct {
struct Node;
}

/// The machine's instructions. `.` is the top of the value stack; an expression replaces it by an output. A
/// variable is addressed by a = how many functions out, b = its number there.
enum class Op : std::uint8_t {
  constant,  // a: constant; replaces the top
  dup,
  pop,
  swap,
  subexp_begin,  // dup; paths are not tracked inside
  subexp_end,    // result, input -> result below input
  untracked_begin,
  untracked_end,
  direct,       // a: direct node; replaces the top
  push_direct,  // the same, the result goes below the top
  field,        // a: name; c: its own error is no output (so in the next three)
  index,        // key, subject -> element
  slice,        // a: 1 has from, 2 has to
  each,
  fork,        // a: where to go on when this backtracks
  fork_error,  // a: where to go on when an error comes back to here
  backtrack,
  jump,         // a
  branch,       // condition below the top; a: where to go if it is falsy
  store,        // pops
  store_under,  // takes the value below the top
  load,         // replaces the top
  take,         // the same, moving out of the variable
  load_below,   // puts a copy of the variable below the top
  clear,        // variable = null
  new_array,    // variable = []
  append,       // pops into the array in the variable
  object,       // an empty object goes below the top
  insert,       // object, key, value, input -> object, input
  binary,       // a: operator; right, left, input -> result
  negate,
  native,  // a: index in natives; arguments last first, input -> result
  concat,  // a: template
  call,    // a: call site
  tail_call,
  call_param,  // a, b: variable that holds a closure
  tail_param,
  ret,
  try_begin,  // a: handler
  try_end,
  mark,         // a, b: variable; c: where to go when it backtracks
  cut,          // a, b: forget all choices since that mark
  alternative,  // a, b: flag: a falsy top backtracks, else the flag is set
  otherwise,    // a, b: backtracks if the flag is set
  path_begin,
  path_end,
  range,         // by, upto, from, input -> numbers
  set,           // a, b: root; c: value variable: path on top -> gone, root changed
  modify_begin,  // a, b: root; c: path variable: path on top -> the value at it
  modify_end,    // a, b: root; c: path variable: value on top -> gone
  getpath,       // path, input -> value; tracked
};

struct Instruction {
  Op op;
  std::uint32_t a = 0, b = 0, c = 0;
};

struct Function {
  std::uint32_t entry = 0;
  std::uint32_t variables = 0;
};

/// What a call hands over: a closure made here, a closure that was handed to this function, or a value in a
/// variable.
struct Argument {
  enum class Type : std::uint8_t { closure, parameter, value } type;
  std::uint32_t a = 0;  // function; or how many functions out
  std::uint32_t b = 0;  // variable
};

struct CallSite {
  std::uint32_t function = 0;
  std::uint32_t out = 0;  ///< how many functions out the callee was defined
  bool root = false;      ///< a builtin: belongs to the main function
  std::vector<Argument> arguments;
};

/// The parts of an interpolated string: literal text, or (empty here, hole set) the next value on the stack.
struct Template {
  struct Part {
    bool hole = false;
    std::string text;
  };
  const Native* converts = nullptr;  ///< what makes text of a hole; null: tostring
  std::vector<Part> parts;
};

/// A compiled expression. Nothing in it changes while it runs.
struct Code {
  Code();
  ~Code();
  std::vector<Instruction> instructions;
  std::vector<Function> functions;  ///< 0 is the main one
  std::vector<CallSite> calls;
  std::vector<Template> templates;
  std::deque<Name> names;
  std::deque<std::string> texts;  ///< what constants borrow
  std::vector<Value> constants;
  std::vector<std::unique_ptr<direct::Node>> nodes;
  std::unique_ptr<direct::Node> whole;   ///< if all of it can be evaluated directly
  std::unique_ptr<direct::Node> stream;  ///< if all of it can, but with many outputs
  std::uint32_t locals = 0;              ///< of the direct evaluator
  bool uses_now = false;
  bool uses_environment = false;
};

}  // namespace sz::expr
