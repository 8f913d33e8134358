#include <algorithm>
#include <iterator>

#include "expr/blocks.h"
#include "expr/direct_builder.h"

namespace sz::expr::direct {

// Assignment to and deletion of paths of names and positions.

bool Builder::path(const Expr* e, Path& out) {
  if (e == nullptr || e->type == E::identity) return true;
  if (e->optional) return false;
  if (e->type == E::pipe) {
    // A computed key behind the first part would have another input.
    if (!path(e->kids[0].get(), out)) return false;
    const std::size_t computed = out.computed.size();
    return std::all_of(e->kids.begin() + 1, e->kids.end(),
                       [&](const ExprPtr& k) { return path(k.get(), out); }) &&
           out.computed.size() == computed;
  }
  if (e->type == E::field) {
    if (!path(e->kids[0].get(), out)) return false;
    out.keys.array_block().push(resolver_.name(e->text)->value);
    return true;
  }
  if (e->type != E::index) return false;
  NodePtr key = build(e->kids[1].get());
  if (!key || !path(e->kids[0].get(), out)) return false;
  ArrayBlock& keys = out.keys.array_block();
  if (key->type == Type::constant && (key->constant.is_number() || key->constant.is_string())) {
    keys.push(key->constant);
    return true;
  }
  out.holes.push_back(static_cast<std::uint32_t>(keys.items.size()));
  keys.push(Value());
  out.computed.push_back(std::move(key));
  return true;
}

NodePtr Builder::assign(const Expr& e) {
  Path target{Value::array(*heap_), {}, {}};
  if (!path(e.kids[0].get(), target)) return nullptr;
  NodePtr value = build(e.kids[1].get());
  if (!value) return nullptr;
  NodePtr n = make(Type::set);
  if (e.text == "|=") {
    n->type = Type::update;
  } else if (e.text == "//=") {
    n->type = Type::default_to;
  } else if (e.text != "=") {
    n->type = Type::update_with;
    n->op = *operator_of(std::string_view(e.text).substr(0, 1));
  }
  n->constant = std::move(target.keys);
  n->holes = std::move(target.holes);
  n->kids.push_back(std::move(value));
  std::ranges::move(target.computed, std::back_inserter(n->kids));
  return n;
}

bool Builder::paths(const Expr& e, Value& out) {
  if (e.type == E::comma)
    return std::ranges::all_of(e.kids, [&](const ExprPtr& k) { return paths(*k, out); });
  Path target{Value::array(*heap_), {}, {}};
  if (!path(&e, target) || !target.holes.empty()) return false;
  out.array_block().push(std::move(target.keys));
  return true;
}

NodePtr Builder::remove(const Expr& e) {
  Value list = Value::array(*heap_);
  if (!paths(e, list)) return nullptr;
  NodePtr n = make(Type::remove);
  n->constant = std::move(list);
  return n;
}

}  // namespace sz::expr::direct
