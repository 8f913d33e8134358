#include "expr/code_generator.h"

#include <fmt/format.h>

#include "expr/blocks.h"

namespace sz::expr {

CodeGenerator::CodeGenerator(Heap& heap, bool direct) : Emitter(heap), direct_(direct) {
  resolver_.builtin = [this](std::string_view name, std::size_t arity) {
    return find(Binding::Type::function, name, arity) == nullptr;
  };
  resolver_.name = [this](const std::string& name) { return &code_->names[intern(name)]; };
  resolver_.constant = [this](const Expr& e) { return literal(e); };
  resolver_.heap = &heap;
}

std::expected<std::unique_ptr<Code>, SyntaxError> CodeGenerator::run(const Expr& e) {
  code_->functions.emplace_back();
  levels_.push_back({0, 0});
  null_ = constant(Value());
  code_->uses_now = mentions(e, "now");
  generate(e, Mode{});
  emit(Op::ret);
  // Builtins that were used follow the main function; they may use others.
  while (!failed_ && !pending_.empty()) {
    const auto [definition, function] = pending_.back();
    pending_.pop_back();
    prelude(*definition, function);
  }
  if (failed_) return std::unexpected(std::move(error_));
  code_->functions[0].variables = levels_[0].variables;
  if (direct_) code_->whole = direct::build(e, resolver_);
  return std::move(code_);
}

// An operand: its outputs go below `.`, one after the other; paths do not matter in it.
void CodeGenerator::operand(const Expr& e) {
  if (direct_ && !failed_) {
    if (auto node = direct::build(e, resolver_)) {
      code_->nodes.push_back(std::move(node));
      emit(Op::push_direct, static_cast<std::uint32_t>(code_->nodes.size() - 1));
      return;
    }
  }
  emit(Op::subexp_begin);
  generate(e, Mode{});
  emit(Op::subexp_end);
}

void CodeGenerator::generate(const Expr& e, Mode mode) {
  if (failed_) return;
  if (direct_ && !mode.tracked && e.type != E::identity && e.type != E::call) {
    if (auto node = direct::build(e, resolver_)) {
      code_->nodes.push_back(std::move(node));
      emit(Op::direct, static_cast<std::uint32_t>(code_->nodes.size() - 1));
      return;
    }
  }
  switch (e.type) {
    case E::identity:
      return;
    case E::recurse_all:
      return builtin(e, "recurse", 0, mode);
    case E::field:
      subject(e, mode);
      emit(Op::field, intern(e.text), 0, e.optional ? 1 : 0);
      return;
    case E::index:
      operand(*e.kids[1]);
      subject(e, mode);
      emit(Op::index, 0, 0, e.optional ? 1 : 0);
      return;
    case E::slice:
      if (e.kids[1]) operand(*e.kids[1]);
      if (e.kids[2]) operand(*e.kids[2]);
      subject(e, mode);
      emit(Op::slice, (e.kids[1] ? 1u : 0u) | (e.kids[2] ? 2u : 0u), 0, e.optional ? 1 : 0);
      return;
    case E::iterate:
      subject(e, mode);
      emit(Op::each, 0, 0, e.optional ? 1 : 0);
      return;
    case E::literal_null:
    case E::literal_true:
    case E::literal_false:
    case E::number:
    case E::string:
      emit(Op::constant, constant(literal(e)));
      return;
    case E::interpolation:
      return interpolation(e);
    case E::format:
      return fail(e, fmt::format("{} is not supported yet", e.text));
    case E::array:
      return array(e, mode);
    case E::object:
      return object(e);
    case E::negate:
      generate(*e.kids[0], mode.inner());
      emit(Op::negate);
      return;
    case E::pipe:
      generate(*e.kids[0], mode.inner());
      generate(*e.kids[1], mode);
      return;
    case E::comma: {
      const std::uint32_t fork = emit(Op::fork);
      generate(*e.kids[0], mode.inner());
      const std::uint32_t jump = emit(Op::jump);
      land(fork);
      generate(*e.kids[1], mode);
      land(jump);
      return;
    }
    case E::binary:
      // `.a-b` is `.a` minus a function b.
      if (e.text == "-" && e.kids[0]->type == E::field && e.kids[1]->type == E::call &&
          e.kids[1]->offset == e.kids[0]->offset + e.kids[0]->length + 1)
        dash_hint_ = fmt::format("a name with - needs quotes: .\"{}-{}\"", e.kids[0]->text, e.kids[1]->text);
      operand(*e.kids[1]);
      dash_hint_.clear();
      operand(*e.kids[0]);
      emit(Op::binary, static_cast<std::uint32_t>(*operator_of(e.text)));
      return;
    case E::and_:
    case E::or_:
      return logical(e);
    case E::alternative:
      return alternative(e, mode);
    case E::assign:
      return assign(e);
    case E::condition:
      return condition(e, mode);
    case E::attempt:
      return attempt(e, mode);
    case E::reduce:
    case E::foreach:
      return fold(e, mode);
    case E::define:
      return define(e, mode);
    case E::bind: {
      const std::size_t mark = bindings_.size();
      operand(*e.kids[0]);
      bind(e.patterns[0]);
      generate(*e.kids[1], mode);
      bindings_.resize(mark);
      return;
    }
    case E::label: {
      const std::size_t mark = bindings_.size();
      const std::uint32_t v = new_variable();
      bindings_.push_back({Binding::Type::label, e.text, 0, level(), v, false, {}, {}});
      const std::uint32_t at = emit(Op::mark, 0, v);
      generate(*e.kids[0], mode.inner());
      const std::uint32_t jump = emit(Op::jump);
      code_->instructions[at].c = here();
      emit(Op::backtrack);
      land(jump);
      bindings_.resize(mark);
      return;
    }
    case E::break_: {
      const Binding* b = find(Binding::Type::label, e.text);
      if (b == nullptr) return fail(e, fmt::format("label ${} is not defined", e.text));
      emit(Op::cut, out(*b), b->number);
      emit(Op::backtrack);
      return;
    }
    case E::variable: {
      const Binding* b = find(Binding::Type::variable, e.text);
      if (b == nullptr) {
        if (e.text == "ENV" || e.text == "__loc__")
          return fail(e, fmt::format("${} is not supported yet", e.text));
        return fail(e, fmt::format("variable ${} is not defined", e.text));
      }
      emit(Op::load, out(*b), b->number);
      return;
    }
    case E::call:
      return call(e, mode);
  }
}

void CodeGenerator::subject(const Expr& e, Mode mode) {
  if (e.kids[0]) generate(*e.kids[0], mode.inner());
}

void CodeGenerator::array(const Expr& e, Mode mode) {
  if (e.kids.empty()) {
    emit(Op::constant, constant(Value::array(heap_)));
    return;
  }
  collect(mode, [&] { generate(*e.kids[0], Mode{}); });
}

void CodeGenerator::object(const Expr& e) {
  emit(Op::object);
  for (std::size_t i = 0; i < e.kids.size(); i += 2) {
    operand(*e.kids[i]);
    operand(*e.kids[i + 1]);
    emit(Op::insert);
  }
  emit(Op::pop);
}

void CodeGenerator::interpolation(const Expr& e) {
  if (!e.text.empty() && e.text != "@text") return fail(e, fmt::format("{} is not supported yet", e.text));
  Template t;
  for (const ExprPtr& part : e.kids) {
    const bool text = part->type == E::string;
    t.parts.push_back({!text, text ? part->text : ""});
  }
  for (auto part = e.kids.rbegin(); part != e.kids.rend(); ++part)
    if ((*part)->type != E::string) operand(**part);
  code_->templates.push_back(std::move(t));
  emit(Op::concat, static_cast<std::uint32_t>(code_->templates.size() - 1));
}

}  // namespace sz::expr
