#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/quote.h"
#include "expr/blocks.h"
#include "expr/direct.h"
#include "expr/emitter.h"
#include "expr/parser.h"
#include "expr/prelude.h"
#include "expr/suggest.h"

namespace sz::expr {

/// Walks the tree and emits code; one for each expression.
class CodeGenerator : private Emitter {
 public:
  CodeGenerator(Heap& heap, bool direct) : Emitter(heap), direct_(direct) {
    resolver_.builtin = [this](std::string_view name, std::size_t arity) {
      return find(Binding::Type::function, name, arity) == nullptr;
    };
    resolver_.name = [this](const std::string& name) { return &code_->names[intern(name)]; };
    resolver_.constant = [this](const Expr& e) { return literal(e); };
    resolver_.heap = &heap;
  }

  std::expected<std::unique_ptr<Code>, SyntaxError> run(const Expr& e) {
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

 private:
  // An operand: its outputs go below `.`, one after the other; paths do not matter in it.
  void operand(const Expr& e) {
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

  void generate(const Expr& e, Mode mode) {
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
          dash_hint_ =
              fmt::format("a name with - needs quotes: .\"{}-{}\"", e.kids[0]->text, e.kids[1]->text);
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

  void subject(const Expr& e, Mode mode) {
    if (e.kids[0]) generate(*e.kids[0], mode.inner());
  }

  void array(const Expr& e, Mode mode) {
    if (e.kids.empty()) {
      emit(Op::constant, constant(Value::array(heap_)));
      return;
    }
    collect(mode, [&] { generate(*e.kids[0], Mode{}); });
  }

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

  void object(const Expr& e) {
    emit(Op::object);
    for (std::size_t i = 0; i < e.kids.size(); i += 2) {
      operand(*e.kids[i]);
      operand(*e.kids[i + 1]);
      emit(Op::insert);
    }
    emit(Op::pop);
  }

  void interpolation(const Expr& e) {
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

  void logical(const Expr& e) {
    const bool is_and = e.type == E::and_;
    const auto truth = [this](bool b) { emit(Op::constant, constant(Value::boolean(b))); };
    operand(*e.kids[0]);
    const std::uint32_t no = emit(Op::branch);
    std::uint32_t done;
    const auto second = [&] {
      operand(*e.kids[1]);
      const std::uint32_t no2 = emit(Op::branch);
      truth(true);
      const std::uint32_t jump = emit(Op::jump);
      land(no2);
      truth(false);
      land(jump);
    };
    if (is_and) {
      second();
      done = emit(Op::jump);
      land(no);
      truth(false);
    } else {
      truth(true);
      done = emit(Op::jump);
      land(no);
      second();
    }
    land(done);
  }

  void alternative(const Expr& e, Mode mode) {
    const std::uint32_t found = new_variable();
    emit(Op::clear, 0, found);
    const std::uint32_t fork = emit(Op::fork);
    generate(*e.kids[0], mode.inner());
    emit(Op::alternative, 0, found);
    const std::uint32_t jump = emit(Op::jump);
    land(fork);
    emit(Op::otherwise, 0, found);
    generate(*e.kids[1], mode);
    land(jump);
  }

  void condition(const Expr& e, Mode mode) {
    operand(*e.kids[0]);
    const std::uint32_t no = emit(Op::branch);
    generate(*e.kids[1], mode);
    const std::uint32_t jump = emit(Op::jump);
    land(no);
    if (e.kids[2]) generate(*e.kids[2], mode);
    land(jump);
  }

  void attempt(const Expr& e, Mode mode) {
    const std::uint32_t begin = emit(Op::try_begin);
    generate(*e.kids[0], mode.inner());
    const std::uint32_t end = emit(Op::try_end);
    const std::uint32_t jump = emit(Op::jump);
    land(begin);
    code_->instructions[end].a = here();
    if (e.kids.size() > 1) {
      generate(*e.kids[1], mode);
    } else {
      emit(Op::backtrack);
    }
    land(jump);
  }

  // In code_updates.cc.
  void bind(const Pattern& p);
  void fold(const Expr& e, Mode mode);
  void assign(const Expr& e);
  std::uint32_t enter_root(std::uint32_t root);
  void modify(const Expr& e, std::uint32_t root);

  std::uint32_t native_index(std::string_view name, std::size_t arity) {
    const Native* n = find_native(name, arity);
    return static_cast<std::uint32_t>(n - natives().data());
  }

  static bool mentions(const Expr& e, const std::string& name) {
    if (e.type == E::call && e.kids.empty() && e.text == name) return true;
    return std::ranges::any_of(e.kids, [&](const ExprPtr& k) { return k && mentions(*k, name); });
  }

  // The body of a function: its code stands here, jumped over.
  std::uint32_t function(const Expr& body, const std::vector<std::string>& parameters,
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
        bindings_.push_back(
            {Binding::Type::parameter, p.substr(1), 0, level(), new_variable(), false, {}, {}});
    }
    generate(body, Mode{true, true});
    emit(Op::ret);
    bindings_.resize(mark);
    code_->functions[number].variables = levels_.back().variables;
    levels_.pop_back();
    land(jump);
    return number;
  }

  std::uint32_t new_function() {
    code_->functions.emplace_back();
    return static_cast<std::uint32_t>(code_->functions.size() - 1);
  }

  void define(const Expr& e, Mode mode) {
    const std::size_t mark = bindings_.size();
    Binding b{Binding::Type::function, e.text, e.names.size(), level(), new_function(), false, e.names, {}};
    for (const std::string& p : e.names) b.both.push_back(p[0] == '$' && mentions(*e.kids[0], p.substr(1)));
    bindings_.push_back(b);
    function(*e.kids[0], b.parameters, b.both, b.number);
    generate(*e.kids[1], mode);
    bindings_.resize(mark);
  }

  // A closure for an argument: a function of its own, or the parameter that it merely names.
  Argument closure(const Expr& e, bool& captures) {
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

  void call_function(const Expr& e, const std::vector<std::string>& parameters, const std::vector<bool>& both,
                     std::uint32_t number, std::uint32_t levels_out, bool root, Mode mode) {
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

  void call(const Expr& e, Mode mode) {
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

  void builtin(const Expr& e, const std::string& name, std::size_t arity, Mode mode) {
    if (is_special(name, arity) && special(e, name, arity, mode)) return;
    if (const Native* n = find_native(name, arity)) {
      if (name == "test") check_regex(e);
      for (std::size_t i = arity; i > 0; --i) operand(*e.kids[i - 1]);
      emit(Op::native, native_index(n->name, arity));
      return;
    }
    if (const Definition* d = find_definition(name, arity)) {
      const Known& k = known(*d);
      call_function(e, k.parameters, k.both, k.function, 0, true, mode);
      return;
    }
    if (is_refused(name))
      return fail(e, fmt::format("\"{}\" is not for streams", quote(name)),
                  "sz hands in one record after the other, and only its end ends it");
    fail(e,
         arity == 0 ? fmt::format("unknown function \"{}\"", quote(name))
                    : fmt::format("unknown function \"{}\" with {} argument{}", quote(name), arity,
                                  arity == 1 ? "" : "s"),
         dash_hint_.empty() ? suggest(name, arity) : dash_hint_);
  }

  void check_regex(const Expr& e) {
    if (e.kids[0]->type != E::string) return;
    const bool literal_flags = e.kids.size() > 1 && e.kids[1]->type == E::string;
    const auto regex = Regex::compile(e.kids[0]->text, literal_flags ? e.kids[1]->text : "");
    if (regex) return;
    const bool flags = regex.error().ends_with("modifier string");
    fail(*e.kids[flags ? 1 : 0],
         flags ? regex.error() : fmt::format("cannot use this regular expression: {}", regex.error()),
         flags ? "the flags are g i l n p s x" : "patterns are RE2's: no lookaround, no backreferences");
  }

  bool special(const Expr& e, const std::string& name, std::size_t arity, Mode mode) {
    if (name == "empty") {
      emit(Op::backtrack);
      return true;
    }
    if (name == "path") {
      emit(Op::path_begin);
      generate(*e.kids[0], Mode{true, false});
      emit(Op::path_end);
      return true;
    }
    if (name == "select") {
      operand(*e.kids[0]);
      const std::uint32_t no = emit(Op::branch);
      const std::uint32_t jump = emit(Op::jump);
      land(no);
      emit(Op::backtrack);
      land(jump);
      return true;
    }
    if (name == "map") {
      collect(mode, [&] {
        emit(Op::each);
        generate(*e.kids[0], Mode{});
      });
      return true;
    }
    if (name == "first" && arity == 1) {
      const std::uint32_t v = new_variable();
      const std::uint32_t mark = emit(Op::mark, 0, v);
      generate(*e.kids[0], mode.inner());
      emit(Op::cut, 0, v);
      const std::uint32_t jump = emit(Op::jump);
      code_->instructions[mark].c = here();
      emit(Op::backtrack);
      land(jump);
      return true;
    }
    if (name == "getpath") {
      operand(*e.kids[0]);
      emit(Op::getpath);
      return true;
    }
    if (name == "range") {
      // by, upto, from below `.`; the first argument varies slowest.
      const std::uint32_t v[3] = {new_variable(), new_variable(), new_variable()};
      const Expr* parts[3] = {arity == 1 ? nullptr : e.kids[0].get(), e.kids[arity == 1 ? 0 : 1].get(),
                              arity == 3 ? e.kids[2].get() : nullptr};
      for (std::size_t i = 0; i < 3; ++i) {
        if (parts[i] != nullptr) {
          operand(*parts[i]);
        } else {
          push_below(Value::integer(i == 0 ? 0 : 1));
        }
        emit(Op::store_under, 0, v[i]);
      }
      for (const std::size_t i : {2u, 1u, 0u}) emit(Op::load_below, 0, v[i]);
      emit(Op::range);
      return true;
    }
    return false;
  }

  void push_below(Value v) {
    emit(Op::subexp_begin);
    emit(Op::constant, constant(std::move(v)));
    emit(Op::subexp_end);
  }

  struct Known {
    std::uint32_t function;
    std::vector<std::string> parameters;
    std::vector<bool> both;
  };

  // A builtin written in the language: reserved now, compiled later.
  const Known& known(const Definition& d) {
    const auto at = known_.find(&d);
    if (at != known_.end()) return at->second;
    auto tree = parse(std::string(d.source) + " .");
    Known k{new_function(), (*tree)->names, {}};
    for (const std::string& p : k.parameters)
      k.both.push_back(p[0] == '$' && mentions(*(*tree)->kids[0], p.substr(1)));
    trees_[&d] = std::move(*tree);
    pending_.emplace_back(&d, k.function);
    return known_.emplace(&d, std::move(k)).first->second;
  }

  void prelude(const Definition& d, std::uint32_t number) {
    bindings_.clear();
    const Known k = known_.at(&d);
    function(*trees_.at(&d)->kids[0], k.parameters, k.both, number);
  }

  bool direct_;
  direct::Resolver resolver_;
  std::map<const Definition*, Known> known_;
  std::map<const Definition*, ExprPtr> trees_;
  std::vector<std::pair<const Definition*, std::uint32_t>> pending_;
  std::string dash_hint_;
  std::uint32_t null_ = 0;  // the constant
};

}  // namespace sz::expr
