#include <algorithm>

#include "expr/code_generator.h"

namespace sz::expr {

// Code for functions and their calls.

std::uint32_t CodeGenerator::native_index(std::string_view name, std::size_t arity) {
  const Native* n = find_native(name, arity);
  return static_cast<std::uint32_t>(n - natives().data());
}

bool CodeGenerator::mentions(const Expr& e, const std::string& name) {
  if (e.type == E::call && e.kids.empty() && e.text == name) return true;
  return std::ranges::any_of(e.kids, [&](const ExprPtr& k) { return k && mentions(*k, name); });
}

// The body of a function: its code stands here, jumped over.
std::uint32_t CodeGenerator::function(const Expr& body, const std::vector<std::string>& parameters,
                                      const std::vector<bool>& both, std::uint32_t number) {
  const std::uint32_t jump = emit(Op::jump);
  code_->functions[number].entry = here();
  levels_.push_back({number, 0});
  const std::size_t mark = bindings_.size();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& p = parameters[i];
    if (p[0] != '$') {
      bindings_.push_back({Binding::Type::parameter, p, 0, level(), new_variable(), false, {}, {}});
      continue;
    }
    bindings_.push_back({Binding::Type::variable, p.substr(1), 0, level(), new_variable(), false, {}, {}});
    if (both[i])
      bindings_.push_back({Binding::Type::parameter, p.substr(1), 0, level(), new_variable(), false, {}, {}});
  }
  generate(body, Mode{true, true});
  emit(Op::ret);
  bindings_.resize(mark);
  code_->functions[number].variables = levels_.back().variables;
  levels_.pop_back();
  land(jump);
  return number;
}

std::uint32_t CodeGenerator::new_function() {
  code_->functions.emplace_back();
  return static_cast<std::uint32_t>(code_->functions.size() - 1);
}

void CodeGenerator::define(const Expr& e, Mode mode) {
  const std::size_t mark = bindings_.size();
  Binding b{Binding::Type::function, e.text, e.names.size(), level(), new_function(), false, e.names, {}};
  for (const std::string& p : e.names) b.both.push_back(p[0] == '$' && mentions(*e.kids[0], p.substr(1)));
  bindings_.push_back(b);
  function(*e.kids[0], b.parameters, b.both, b.number);
  generate(*e.kids[1], mode);
  bindings_.resize(mark);
}

// A closure for an argument: a function of its own, or the parameter that it merely names.
Argument CodeGenerator::closure(const Expr& e, bool& captures) {
  if (e.type == E::call && e.kids.empty()) {
    const Binding* b = find(Binding::Type::function, e.text, 0);
    if (b != nullptr && b->type == Binding::Type::parameter)
      return {Argument::Type::parameter, out(*b), b->number};
  }
  captures = true;
  const std::uint32_t number = new_function();
  function(e, {}, {}, number);
  return {Argument::Type::closure, number, 0};
}

void CodeGenerator::call_function(const Expr& e, const std::vector<std::string>& parameters,
                                  const std::vector<bool>& both, std::uint32_t number,
                                  std::uint32_t levels_out, bool root, Mode mode) {
  CallSite site{number, levels_out, root, {}};
  bool captures = !root && levels_out == 0;  // a callee that was defined here needs this frame
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Expr& argument = *e.kids[i];
    if (parameters[i][0] != '$') {
      site.arguments.push_back(closure(argument, captures));
      continue;
    }
    const std::uint32_t v = new_variable();
    operand(argument);
    emit(Op::store_under, 0, v);
    site.arguments.push_back({Argument::Type::value, 0, v});
    if (both[i]) site.arguments.push_back(closure(argument, captures));
  }
  code_->calls.push_back(std::move(site));
  emit(mode.tail && !captures ? Op::tail_call : Op::call,
       static_cast<std::uint32_t>(code_->calls.size() - 1));
}

void CodeGenerator::call(const Expr& e, Mode mode) {
  const std::size_t arity = e.kids.size();
  if (const Binding* b = find(Binding::Type::function, e.text, arity)) {
    if (b->type == Binding::Type::parameter) {
      emit(mode.tail ? Op::tail_param : Op::call_param, out(*b), b->number);
      return;
    }
    const Binding copy = *b;
    call_function(e, copy.parameters, copy.both, copy.number, out(copy), false, mode);
    return;
  }
  if (direct_ && !mode.tracked) {
    if (auto node = direct::build(e, resolver_)) {
      code_->nodes.push_back(std::move(node));
      emit(Op::direct, static_cast<std::uint32_t>(code_->nodes.size() - 1));
      return;
    }
  }
  builtin(e, e.text, arity, mode);
}

}  // namespace sz::expr
