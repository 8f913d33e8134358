#include <algorithm>

#include "expr/blocks.h"
#include "expr/direct_builder.h"

namespace sz::expr::direct {

// Assignment to and deletion of constant paths.

bool Builder::path(const Expr* e, Value& out) {
  if (e == nullptr || e->type == E::identity) return true;
  if (e->optional) return false;
  if (e->type == E::pipe)
    return std::ranges::all_of(e->kids, [&](const ExprPtr& k) { return path(k.get(), out); });
  if (e->type == E::field) {
    if (!path(e->kids[0].get(), out)) return false;
    out.array_block().push(resolver_.name(e->text)->value);
    return true;
  }
  if (e->type == E::index) {
    const NodePtr key = build(e->kids[1].get());
    if (!key || key->type != Type::constant || !key->constant.is_number()) return false;
    if (!path(e->kids[0].get(), out)) return false;
    out.array_block().push(key->constant);
    return true;
  }
  return false;
}

NodePtr Builder::assign(const Expr& e) {
  Value keys = Value::array(*heap_);
  if (!path(e.kids[0].get(), keys)) return nullptr;
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
  n->constant = std::move(keys);
  n->kids.push_back(std::move(value));
  return n;
}

bool Builder::paths(const Expr& e, Value& out) {
  if (e.type == E::comma)
    return std::ranges::all_of(e.kids, [&](const ExprPtr& k) { return paths(*k, out); });
  Value keys = Value::array(*heap_);
  if (!path(&e, keys)) return false;
  out.array_block().push(std::move(keys));
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
