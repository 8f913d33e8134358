#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace sz::expr {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// A destructuring pattern: `$x`, `[p, ...]`, `{k: p, $x: p, ...}`.
struct Pattern {
  enum class Type { variable, array, object };
  struct Entry {
    std::string variable;            ///< object: `$name` as key also binds it; else empty
    ExprPtr key;                     ///< object: the name, an expression
    std::unique_ptr<Pattern> value;  ///< may be null after a `$name` key
  };
  Type type = Type::variable;
  std::string name;
  std::vector<Entry> entries;
};

/// One node of an expression as parsed. `kids` hold the operands in the order named below; a missing optional
/// one is null.
struct Expr {
  enum class Type {
    identity,
    recurse_all,  ///< ..
    field,        ///< kids: subject (null: .), text: the name
    index,        ///< kids: subject, key
    slice,        ///< kids: subject, from?, to?
    iterate,      ///< kids: subject
    literal_null,
    literal_true,
    literal_false,
    number,         ///< text
    string,         ///< text
    interpolation,  ///< kids: parts, all strings or expressions; text: the format or empty
    format,         ///< text: @name
    array,          ///< kids: body or none
    object,         ///< kids: key, value, key, value ...
    negate,
    // A chain of one of these is one node, however long: kids, from left to right.
    pipe,
    comma,
    binary,  ///< names: the operators between, all + - or all * / % or a single == != < <= > >=
    and_,
    or_,
    alternative,
    assign,     ///< text: = |= += -= *= /= %= //=
    condition,  ///< kids: if, then, else?
    attempt,    ///< kids: body, handler?; also postfix ?
    reduce,     ///< kids: source, init, update; patterns
    foreach,    ///< kids: source, init, update, extract?; patterns
    define,     ///< kids: body, rest; text: name; names: parameters, $ kept
    bind,       ///< kids: source, body; patterns, more than one with ?//
    label,      ///< kids: body; text: name
    break_,     ///< text: name
    variable,   ///< text: name
    call,       ///< text: name; kids: arguments
  };

  Type type = Type::identity;
  std::size_t offset = 0;
  std::size_t length = 0;
  bool optional = false;            ///< field, index, slice, iterate: with `?`, its own error is no output
  mutable bool unstreamed = false;  ///< nor as one of many outputs
  mutable bool indirect = false;    ///< the direct evaluator cannot take it (noted when it was tried)
  int height = 1;                   ///< of the tree below, this node included
  std::string text;
  std::vector<ExprPtr> kids;
  std::vector<std::string> names;
  std::vector<Pattern> patterns;
};

}  // namespace sz::expr
