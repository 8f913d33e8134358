#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "expr/access.h"
#include "expr/ast.h"
#include "expr/context.h"
#include "expr/native.h"
#include "expr/operators.h"
#include "expr/regex.h"
#include "expr/value.h"

/// The fast evaluator for expressions that give at most one output: it walks a small tree and reads the
/// record in place. Plain reading, comparing and testing allocate nothing. Its operations are the machine's,
/// in the same order, so the answers are the same.
namespace sz::expr::direct {

enum class Type : std::uint8_t {
  identity,
  path,   // names: .a.b.c
  field,  // kid, names[0]
  index,  // kid, key
  slice,  // kid, from?, to?
  constant,
  pipe,    // kid, kid
  object,  // key, value, ...; chunks if all keys are constant and distinct
  array,   // elements
  map,     // list, body
  binary,
  compare,  // kid with a constant: op, constant
  negate,
  conjunction,
  disjunction,
  alternative,
  condition,
  attempt,  // body, handler?
  empty,
  native,       // input is `.`: arguments
  test,         // regex
  concat,       // parts; chunks between them
  set,          // constant: path; value, then what its holes hold (so in the next three)
  update,       // constant: path; body
  update_with,  // constant: path; value; op
  default_to,   // constant: path; value: //=
  remove,       // constant: paths
  local,        // a variable bound by a node around
  variable,     // one of the machine's
  bind,         // source, body; local
  entries,      // with_entries: body; the same in three steps
  // What takes in all outputs of its first kid:
  collect,
  reduce,  // source, init, update; local
  first,
  last,
  any,  // generator, condition
  all,
  add,
  // With many outputs (so may be pipe, condition, bind):
  comma,
  each,     // subject
  range,    // from?, upto, by?
  recurse,  // ..
  limit,    // count, generator
  foreach,  // source, init, update, extract?; local
};

/// How many members one walk finds at most.
inline constexpr std::size_t max_gathered = 16;

struct Node {
  Type type = Type::identity;
  Operator op = Operator::add;
  bool optional = false;       ///< field, index, slice, map: an access that fails gives no output
  bool plain_integer = false;  ///< compare: the constant is an integer in its shortest form
  std::vector<std::unique_ptr<Node>> kids;
  std::vector<const Name*> names;
  Value constant;
  json::Kind kind = json::Kind::null;  ///< compare: the constant's
  std::string text;                    ///< compare: the constant's text
  std::uint64_t head = 0,
                mask = 0;  ///< compare: the text's bytes, if there are at most eight, and 0xFF for each
  std::optional<json::Key> string;  ///< compare: the constant, if it is a string
  json::Number number;              ///< compare: the constant's value
  const Native* native = nullptr;
  std::optional<Regex> regex;
  std::vector<std::string> chunks;
  std::vector<std::string> quoted;   ///< concat: the chunks as they stand in JSON
  bool many = false;                 ///< may give more than one output: only for stream()
  std::uint32_t local = 0;           ///< its place in Context::locals; variable: its number
  std::uint32_t out = 0;             ///< variable: how many functions out
  std::vector<std::uint32_t> holes;  ///< set, update...: which keys of the path are computed
  bool gathers = false;  ///< object: every value is a path; one walk over the record finds them all
};

/// What the builder asks of the compiler.
struct Resolver {
  std::function<bool(std::string_view name, std::size_t arity)> builtin;  ///< not redefined here
  std::function<const Name*(const std::string&)> name;                    ///< a prepared name that lasts
  std::function<Value(const Expr&)> constant;                             ///< a literal's value
  std::function<std::optional<Value>(const Expr&)> global;                ///< of a variable nobody binds
  /// The machine's variable of that name: how many functions out, and its number there.
  std::function<std::optional<std::pair<std::uint32_t, std::uint32_t>>(const Expr&)> variable;
  Heap* heap = nullptr;                  ///< for constants
  std::uint64_t most_steps = 0;          ///< that one constant may take
  std::uint32_t* most_locals = nullptr;  ///< raised to what a tree needs
};

/// The tree for `e`, or null if it may give more than one output or is not known here.
std::unique_ptr<Node> build(const Expr& e, const Resolver& resolver);

/// The same for any number of outputs: for stream() if `many`, else for the others.
std::unique_ptr<Node> build_stream(const Expr& e, const Resolver& resolver);

/// What a sink answers: go on, enough, or an error is set.
enum class Flow : std::uint8_t { more, stop, fault };
using Output = Flow (*)(void* self, Value v);
/// Hands each output to `output(self, v)` as it comes; false when there is an error.
bool stream(Context& context, const Node& node, const Value& input, Output output, void* self);

/// evaluate_owned() for assignments and del.
Value edit(Context& context, const Node& node, Value input);
/// Room for the parts of a concat; few need no memory.
class Parts {
 public:
  explicit Parts(std::size_t count) {
    if (count > few_.size()) many_.resize(count);
    all_ = count > few_.size() ? std::span<Value>(many_) : std::span<Value>(few_).first(count);
  }
  std::span<Value> all() { return all_; }

 private:
  std::array<Value, 8> few_;
  std::vector<Value> many_;
  std::span<Value> all_;
};

/// What stands in the holes of a concat, in `parts`; false if one has no output, which is then in parts[0].
bool concat_parts(Context& context, const Node& node, const Value& input, std::span<Value> parts);
/// evaluate() for `entries`.
Value entries(Context& context, const Node& node, const Value& input);
/// evaluate() for the nodes that take in a generator, and bind.
Value consume(Context& context, const Node& node, const Value& input);

/// The output, none, or fault.
Value evaluate(Context& context, const Node& node, const Value& input);

/// The same for an input that the caller gives up: a built value with one owner is changed in place.
Value evaluate_owned(Context& context, const Node& node, Value input);

enum class Truth : std::uint8_t { no, yes, none, fault };
Truth test(Context& context, const Node& node, const Value& input);

enum class Rendering : std::uint8_t { text, node, none, fault };
/// Appends the output to `out`, unless it is an untouched part of the record: then only `part` is set.
Rendering render(Context& context, const Node& node, const Value& input, std::string& out, json::Node& part);

}  // namespace sz::expr::direct
