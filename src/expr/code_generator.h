#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/direct.h"
#include "expr/emitter.h"
#include "expr/prelude.h"
#include "expr/program.h"

namespace sz::expr {

/// Walks the tree and emits code; one for each expression.
class CodeGenerator : private Emitter {
 public:
  /// `source` is the text that the tree came of; it and `settings` are lent.
  CodeGenerator(std::string_view source, Heap& heap, const Settings& settings);
  std::expected<std::unique_ptr<Code>, SyntaxError> run(const Expr& e);

 private:
  // An operand: its outputs go below `.`, one after the other; paths do not matter in it.
  void operand(const Expr& e);
  void generate(const Expr& e, Mode mode);
  void subject(const Expr& e, Mode mode);
  void array(const Expr& e, Mode mode);

  // [ body ]: collects in a variable until the body has no more outputs.
  template <class Body>
  void collect(Mode mode, Body body) {
    const std::uint32_t v = new_variable();
    emit(Op::new_array, 0, v);
    const std::uint32_t fork = emit(Op::fork);
    if (mode.tracked) emit(Op::untracked_begin);
    body();
    if (mode.tracked) emit(Op::untracked_end);
    emit(Op::append, 0, v);
    emit(Op::backtrack);
    land(fork);
    emit(Op::take, 0, v);
  }

  void object(const Expr& e);
  void comma(const Expr& e, Mode mode);
  void binary(const Expr& e);
  void interpolation(const Expr& e);
  void format(const Expr& e);
  void variable(const Expr& e);
  std::optional<Value> global(const Expr& e);

  // In code_control.cc.
  void logical(const Expr& e);
  void alternative(const Expr& e, Mode mode);
  void condition(const Expr& e, Mode mode);
  void attempt(const Expr& e, Mode mode);

  // In code_updates.cc.
  using Slots = std::map<std::string, std::uint32_t>;
  void bind(const std::vector<Pattern>& alternatives);
  void take_apart(const Pattern& p, std::uint32_t v, std::size_t begin, const Slots* slots);
  void fold(const Expr& e, Mode mode);
  void assign(const Expr& e);
  std::uint32_t enter_root(std::uint32_t root);
  void modify(const Expr& e, std::uint32_t root);

  // In code_functions.cc.
  std::uint32_t native_index(std::string_view name, std::size_t arity);
  static bool mentions(const Expr& e, const std::string& name);
  // The body of a function: its code stands here, jumped over.
  std::uint32_t function(const Expr& body, const std::vector<std::string>& parameters,
                         const std::vector<bool>& both, std::uint32_t number);
  std::uint32_t new_function();
  void define(const Expr& e, Mode mode);
  // A closure for an argument: a function of its own, or the parameter that it merely names.
  Argument closure(const Expr& e, bool& captures);
  void call_function(const Expr& e, const std::vector<std::string>& parameters, const std::vector<bool>& both,
                     std::uint32_t number, std::uint32_t levels_out, bool root, Mode mode);
  void call(const Expr& e, Mode mode);

  // In code_builtins.cc.
  void builtin(const Expr& e, const std::string& name, std::size_t arity, Mode mode);
  void check_regex(const Expr& e);
  bool special(const Expr& e, const std::string& name, std::size_t arity, Mode mode);
  void push_below(Value v);

  struct Known {
    std::uint32_t function;
    std::vector<std::string> parameters;
    std::vector<bool> both;
  };
  // A builtin written in the language: reserved now, compiled later.
  const Known& known(const Definition& d);
  void prelude(const Definition& d, std::uint32_t number);

  std::string_view source_;
  std::span<const NamedValue> named_;
  const char* const* environment_;
  bool direct_;
  bool in_prelude_ = false;  // names that begin with _ are for the builtins alone
  direct::Resolver resolver_;
  std::map<const Definition*, Known> known_;
  std::map<const Definition*, ExprPtr> trees_;
  std::vector<std::pair<const Definition*, std::uint32_t>> pending_;
  std::string dash_hint_;
  std::uint32_t null_ = 0;  // the constant
};

}  // namespace sz::expr
