#include <map>
#include <string>
#include <vector>

#include "expr/code_generator.h"

// Code for what keeps state in variables: destructuring, reduce and foreach, the assignments.

namespace sz::expr {

namespace {

void names_of(const Pattern& p, std::vector<std::string>& names) {
  if (!p.name.empty()) names.push_back(p.name);
  for (const Pattern::Entry& entry : p.entries) {
    if (!entry.variable.empty()) names.push_back(entry.variable);
    if (entry.value) names_of(*entry.value, names);
  }
}

}  // namespace

// Takes the value below `.` apart into variables. Of several alternatives the next one is tried when an error
// comes of one or of what follows it; all know the variables of all, null where they do not bind them.
void CodeGenerator::bind(const std::vector<Pattern>& alternatives) {
  const std::uint32_t v = new_variable();
  emit(Op::store_under, 0, v);
  if (alternatives.size() == 1) return take_apart(alternatives[0], v, bindings_.size(), nullptr);
  std::vector<std::string> names;
  for (const Pattern& p : alternatives) names_of(p, names);
  Slots slots;
  for (const std::string& name : names)
    if (!slots.contains(name)) slots[name] = new_variable();
  const std::size_t begin = bindings_.size();
  std::vector<std::uint32_t> jumps;
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    const bool last = i + 1 == alternatives.size();
    const std::uint32_t fork = last ? 0 : emit(Op::fork_error);
    for (const auto& [name, slot] : slots) emit(Op::clear, 0, slot);
    take_apart(alternatives[i], v, begin, &slots);
    bindings_.resize(begin);
    if (last) break;
    jumps.push_back(emit(Op::jump));
    land(fork);
  }
  for (const std::uint32_t jump : jumps) land(jump);
  for (const auto& [name, slot] : slots)
    bindings_.push_back({Binding::Type::variable, name, 0, level(), slot, false, {}, {}});
}

// The same for one pattern and the value in variable `v`. `slots` has the variables of alternatives; bindings
// from `begin` on are the whole pattern's. As in jq, arrays are taken apart from the right, objects from the
// left, and of equal names the first counts.
void CodeGenerator::take_apart(const Pattern& p, std::uint32_t v, std::size_t begin, const Slots* slots) {
  const auto name_it = [&](const std::string& name, std::uint32_t at) {
    if (slots != nullptr) {
      const std::uint32_t slot = slots->at(name);
      emit(Op::load_below, 0, at);
      emit(Op::store_under, 0, slot);
      at = slot;
    }
    for (std::size_t i = begin; i < bindings_.size(); ++i)
      if (bindings_[i].name == name) return;
    bindings_.push_back({Binding::Type::variable, name, 0, level(), at, false, {}, {}});
  };
  if (p.type == Pattern::Type::variable) return name_it(p.name, v);
  const bool array = p.type == Pattern::Type::array;
  for (std::size_t i = 0; i < p.entries.size(); ++i) {
    const std::size_t place = array ? p.entries.size() - 1 - i : i;
    const Pattern::Entry& entry = p.entries[place];
    if (array) {
      push_below(Value::integer(static_cast<std::int64_t>(place)));
    } else {
      operand(*entry.key);
    }
    // key, input -> element, input
    const std::uint32_t key = new_variable();
    emit(Op::store_under, 0, key);
    const std::uint32_t element = new_variable();
    emit(Op::subexp_begin);
    emit(Op::load_below, 0, key);
    emit(Op::load, 0, v);
    emit(Op::index);
    emit(Op::subexp_end);
    emit(Op::store_under, 0, element);
    if (!entry.variable.empty()) name_it(entry.variable, element);
    if (entry.value) take_apart(*entry.value, element, begin, slots);
  }
}

void CodeGenerator::fold(const Expr& e, Mode mode) {
  const std::uint32_t state = new_variable();
  emit(Op::dup);
  generate(*e.kids[1], mode.inner());
  emit(Op::store, 0, state);
  const std::size_t mark = bindings_.size();
  const bool reduces = e.type == E::reduce;
  const std::uint32_t fork = reduces ? emit(Op::fork) : 0;
  if (reduces) {
    operand(*e.kids[0]);
  } else {
    // foreach's outputs may be paths that its source found: no sub-expression.
    emit(Op::dup);
    generate(*e.kids[0], mode.inner());
    emit(Op::swap);
  }
  bind(e.patterns);
  emit(Op::take, 0, state);
  generate(*e.kids[2], mode.inner());
  if (reduces) {
    emit(Op::store, 0, state);
    emit(Op::backtrack);
    land(fork);
    emit(Op::take, 0, state);
  } else {
    emit(Op::dup);
    emit(Op::store, 0, state);
    if (e.kids.size() > 3) generate(*e.kids[3], mode.inner());
  }
  bindings_.resize(mark);
}

// |=, =, += ...: the root is in a variable; each path of the left side is set in it.
void CodeGenerator::assign(const Expr& e) {
  const std::uint32_t root = new_variable();
  const auto each_path = [&](auto body) {
    const std::uint32_t fork = enter_root(root);
    emit(Op::path_begin);
    generate(*e.kids[0], Mode{true, false});
    emit(Op::path_end);
    body();
    emit(Op::backtrack);
    land(fork);
    emit(Op::take, 0, root);
  };
  if (e.text == "|=") return modify(e, root);
  const std::uint32_t value = new_variable();
  operand(*e.kids[1]);
  emit(Op::store_under, 0, value);
  if (e.text == "=") return each_path([&] { emit(Op::set, 0, root, value); });
  const std::uint32_t path = new_variable();
  each_path([&] {
    emit(Op::modify_begin, 0, root, path);
    if (e.text == "//=") {
      emit(Op::dup);
      const std::uint32_t no = emit(Op::branch);
      const std::uint32_t jump = emit(Op::jump);
      land(no);
      emit(Op::load, 0, value);
      land(jump);
    } else {
      emit(Op::load_below, 0, value);
      emit(Op::dup);
      emit(Op::binary, static_cast<std::uint32_t>(*operator_of(std::string_view(e.text).substr(0, 1))));
    }
    emit(Op::modify_end, 0, root, path);
  });
}

// The variable gets the root and is, while no fork of the path holds it, its only owner: it changes in
// place.
std::uint32_t CodeGenerator::enter_root(std::uint32_t root) {
  emit(Op::dup);
  emit(Op::store, 0, root);
  emit(Op::constant, null_);
  const std::uint32_t fork = emit(Op::fork);
  emit(Op::load, 0, root);
  return fork;
}

void CodeGenerator::modify(const Expr& e, std::uint32_t root) {
  const std::uint32_t path = new_variable(), first = new_variable(), gone = new_variable();
  emit(Op::new_array, 0, gone);
  const std::uint32_t fork = enter_root(root);
  emit(Op::path_begin);
  generate(*e.kids[0], Mode{true, false});
  emit(Op::path_end);
  emit(Op::modify_begin, 0, root, path);
  const std::uint32_t mark = emit(Op::mark, 0, first);
  emit(Op::untracked_begin);
  generate(*e.kids[1], Mode{});
  emit(Op::untracked_end);
  emit(Op::cut, 0, first);
  emit(Op::modify_end, 0, root, path);
  emit(Op::backtrack);
  // No output: the path goes when all is done.
  code_->instructions[mark].c = here();
  emit(Op::load, 0, path);
  emit(Op::append, 0, gone);
  emit(Op::backtrack);
  land(fork);
  emit(Op::take, 0, root);
  emit(Op::load_below, 0, gone);
  emit(Op::native, native_index("delpaths", 1));
}

}  // namespace sz::expr
