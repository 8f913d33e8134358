#include "expr/code_generator.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/quote.h"
#include "expr/blocks.h"
#include "expr/environment.h"
#include "expr/parse_value.h"

namespace sz::expr {

CodeGenerator::CodeGenerator(std::string_view source, Heap& heap, const Settings& settings)
    : Emitter(heap),
      source_(source),
      named_(settings.named),
      environment_(settings.environment),
      direct_(settings.direct) {
  resolver_.builtin = [this](std::string_view name, std::size_t arity) {
    return find(Binding::Type::function, name, arity) == nullptr && (in_prelude_ || !name.starts_with('_'));
  };
  resolver_.name = [this](const std::string& name) { return &code_->names[intern(name)]; };
  resolver_.constant = [this](const Expr& e) { return literal(e); };
  resolver_.global = [this](const Expr& e) -> std::optional<Value> {
    if (find(Binding::Type::variable, e.text) != nullptr) return std::nullopt;
    return global(e);
  };
  resolver_.variable = [this](const Expr& e) -> std::optional<std::pair<std::uint32_t, std::uint32_t>> {
    const Binding* b = find(Binding::Type::variable, e.text);
    if (b == nullptr) return std::nullopt;
    return std::pair(out(*b), b->number);
  };
  resolver_.heap = &heap;
  resolver_.most_steps = settings.max_steps;
  resolver_.most_locals = &code_->locals;
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
  if (direct_) {
    auto node = direct::build_stream(e, resolver_);
    if (node) (node->many ? code_->stream : code_->whole) = std::move(node);
  }
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
      return format(e);
    case E::array:
      return array(e, mode);
    case E::object:
      return object(e);
    case E::negate:
      generate(*e.kids[0], mode.inner());
      emit(Op::negate);
      return;
    case E::pipe:
      for (std::size_t i = 0; i + 1 < e.kids.size(); ++i) generate(*e.kids[i], mode.inner());
      generate(*e.kids.back(), mode);
      return;
    case E::comma:
      return comma(e, mode);
    case E::binary:
      return binary(e);
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
      bind(e.patterns);
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
    case E::variable:
      return variable(e);
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

// a, b, ...: each but the last leaves a fork to the next.
void CodeGenerator::comma(const Expr& e, Mode mode) {
  std::vector<std::uint32_t> jumps;
  for (std::size_t i = 0; i + 1 < e.kids.size(); ++i) {
    const std::uint32_t fork = emit(Op::fork);
    generate(*e.kids[i], mode.inner());
    jumps.push_back(emit(Op::jump));
    land(fork);
  }
  generate(*e.kids.back(), mode);
  for (const std::uint32_t jump : jumps) land(jump);
}

// From left to right, but as in jq the outputs of an operand to the right vary slower.
void CodeGenerator::binary(const Expr& e) {
  const std::size_t n = e.kids.size();
  for (std::size_t i = n - 1; i > 0; --i) {
    const Expr &left = *e.kids[i - 1], &right = *e.kids[i];
    // `.a-b` is `.a` minus a function b.
    if (e.names[i - 1] == "-" && left.type == E::field && right.type == E::call &&
        right.offset == left.offset + left.length + 1)
      dash_hint_ = fmt::format("a name with - needs quotes: .\"{}-{}\"", left.text, right.text);
    operand(right);
    dash_hint_.clear();
    if (i > 1) emit(Op::subexp_begin);
  }
  operand(*e.kids[0]);
  for (std::size_t i = 1; i < n; ++i) {
    emit(Op::binary, static_cast<std::uint32_t>(*operator_of(e.names[i - 1])));
    if (i + 1 < n) emit(Op::subexp_end);
  }
}

void CodeGenerator::interpolation(const Expr& e) {
  const Native* converts = nullptr;
  if (!e.text.empty() && e.text != "@text") {
    converts = find_native(e.text, 0);
    if (converts == nullptr) return format(e);
  }
  Template t{converts, {}};
  for (const ExprPtr& part : e.kids) {
    const bool text = part->type == E::string;
    t.parts.push_back({!text, text ? part->text : ""});
  }
  for (auto part = e.kids.rbegin(); part != e.kids.rend(); ++part)
    if ((*part)->type != E::string) operand(**part);
  code_->templates.push_back(std::move(t));
  emit(Op::concat, static_cast<std::uint32_t>(code_->templates.size() - 1));
}

void CodeGenerator::format(const Expr& e) {
  if (find_native(e.text, 0) != nullptr) {
    emit(Op::native, native_index(e.text, 0));
    return;
  }
  fail(e, fmt::format("{} is not a valid format", quote(e.text)),
       "the formats are @text @json @csv @tsv @html @uri @urid @sh @base64 @base64d @base32 @base32d");
}

void CodeGenerator::variable(const Expr& e) {
  if (const Binding* b = find(Binding::Type::variable, e.text)) {
    emit(Op::load, out(*b), b->number);
    return;
  }
  if (const std::optional<Value> v = global(e)) {
    emit(Op::constant, constant(*v));
    return;
  }
  fail(e, fmt::format("variable ${} is not defined", e.text),
       "--arg NAME V before the first stage defines $NAME");
}

// The variables that nobody binds.
std::optional<Value> CodeGenerator::global(const Expr& e) {
  if (e.text == "__loc__") {
    Value place = Value::object(heap_, 2);
    const auto line =
        1 + std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(e.offset), '\n');
    place.object_block().set(Value::view("file"), Value::view("<top-level>"));
    place.object_block().set(Value::view("line"), Value::integer(line));
    return place;
  }
  for (const NamedValue& named : named_)
    if (named.name == e.text) return parse_value(heap_, named.json);
  if (e.text == "ENV") {
    code_->uses_environment = true;
    return environment(heap_, environment_);
  }
  if (e.text == "ARGS") {
    Value arguments = Value::object(heap_, 2), all = Value::object(heap_);
    for (const NamedValue& named : named_)
      if (all.object_block().find(named.name) == ObjectBlock::npos)
        all.object_block().set(Value::string(heap_, named.name), parse_value(heap_, named.json));
    arguments.object_block().set(Value::view("positional"), Value::array(heap_));
    arguments.object_block().set(Value::view("named"), std::move(all));
    return arguments;
  }
  return std::nullopt;
}

}  // namespace sz::expr
