#include <fmt/format.h>

#include "core/quote.h"
#include "expr/blocks.h"
#include "expr/code_generator.h"
#include "expr/environment.h"
#include "expr/mistakes.h"
#include "expr/parser.h"
#include "expr/regex_literal.h"
#include "expr/suggest.h"

namespace sz::expr {

// Code for builtins: those the compiler knows itself, natives, and those written in the language.

void CodeGenerator::builtin(const Expr& e, const std::string& name, std::size_t arity, Mode mode) {
  if (is_special(name, arity) && special(e, name, arity, mode)) return;
  const bool visible = in_prelude_ || !name.starts_with('_');
  if (const Native* n = visible ? find_native(name, arity) : nullptr) {
    check_regex(e);
    for (std::size_t i = arity; i > 0; --i) operand(*e.kids[i - 1]);
    emit(Op::native, native_index(n->name, arity));
    return;
  }
  if (const Definition* d = visible ? find_definition(name, arity) : nullptr) {
    check_regex(e);
    const Known& k = known(*d);
    call_function(e, k.parameters, k.both, k.function, 0, true, mode);
    return;
  }
  if (const Refusal* refusal = find_refusal(name))
    return fail(e, fmt::format("\"{}\" {}", name, refusal->why), std::string(refusal->instead));
  std::string hint = dash_hint_;
  if (hint.empty()) hint = mistaken_name(name, arity, source_.substr(0, e.offset));
  if (hint.empty()) hint = suggest(name, arity);
  fail(e,
       arity == 0 ? fmt::format("unknown function \"{}\"", quote(name))
                  : fmt::format("unknown function \"{}\" with {} argument{}", quote(name), arity,
                                arity == 1 ? "" : "s"),
       std::move(hint));
}

// A pattern that is written in the program is looked at before any input: `"re"`, `["re"]`, `["re",
// "flags"]`.
void CodeGenerator::check_regex(const Expr& e) {
  const auto literal = regex_literal(e);
  if (!literal) return;
  const auto regex = literal->compile();
  if (regex) return;
  if (regex.error().flags) return fail(*literal->flags, regex.error().reason, "the flags are g i l n p s x");
  fail(*literal->pattern, fmt::format("cannot use this regular expression: {}", regex.error().reason),
       "patterns are RE2's: no lookaround, no backreferences");
}

bool CodeGenerator::special(const Expr& e, const std::string& name, std::size_t arity, Mode mode) {
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
  if (name == "last" && arity == 1) {
    // No output of f is no output, as in jq 1.8.
    const std::uint32_t value = new_variable(), any = new_variable();
    emit(Op::new_array, 0, any);
    const std::uint32_t fork = emit(Op::fork);
    if (mode.tracked) emit(Op::untracked_begin);
    generate(*e.kids[0], Mode{});
    if (mode.tracked) emit(Op::untracked_end);
    emit(Op::store, 0, value);
    emit(Op::clear, 0, any);
    emit(Op::backtrack);
    land(fork);
    emit(Op::otherwise, 0, any);
    emit(Op::take, 0, value);
    return true;
  }
  if (name == "env") {
    code_->uses_environment = true;
    emit(Op::constant, constant(environment(heap_, environment_)));
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

void CodeGenerator::push_below(Value v) {
  emit(Op::subexp_begin);
  emit(Op::constant, constant(std::move(v)));
  emit(Op::subexp_end);
}

// A builtin written in the language: reserved now, compiled later.
const CodeGenerator::Known& CodeGenerator::known(const Definition& d) {
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

void CodeGenerator::prelude(const Definition& d, std::uint32_t number) {
  bindings_.clear();
  const Known k = known_.at(&d);
  in_prelude_ = true;
  function(*trees_.at(&d)->kids[0], k.parameters, k.both, number);
}

}  // namespace sz::expr
