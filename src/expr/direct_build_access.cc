#include <algorithm>

#include "expr/direct_builder.h"

namespace sz::expr::direct {

// Paths of access and variables.

NodePtr Builder::field(const Expr& e) {
  NodePtr subject = any(e.kids[0].get());
  if (!subject) return nullptr;
  NodePtr before = split_off(subject);
  const Name* name = resolver_.name(e.text);
  if (!e.optional && (subject->type == Type::path || subject->type == Type::identity)) {
    subject->type = Type::path;
    subject->names.push_back(name);
    return after(std::move(before), std::move(subject));
  }
  NodePtr n = make(Type::field);
  n->optional = e.optional;
  n->names.push_back(name);
  n->kids.push_back(std::move(subject));
  return after(std::move(before), std::move(n));
}

NodePtr Builder::slice(const Expr& e) {
  NodePtr n = with_kids(Type::slice, {e.kids[0].get()});
  if (!n) return nullptr;
  n->optional = e.optional;
  for (std::size_t i = 1; i < 3; ++i) {
    if (!e.kids[i]) {
      n->kids.push_back(nullptr);
      continue;
    }
    NodePtr k = build(e.kids[i].get());
    if (!k) return nullptr;
    n->kids.push_back(std::move(k));
  }
  return n;
}

NodePtr Builder::variable(const Expr& e) {
  for (auto l = locals_.rbegin(); l != locals_.rend(); ++l) {
    if (l->first != e.text) continue;
    NodePtr n = make(Type::local);
    n->local = l->second;
    return n;
  }
  if (const std::optional<Value> v = resolver_.global(e)) {
    NodePtr n = make(Type::constant);
    n->constant = *v;
    return n;
  }
  if (const auto place = resolver_.variable(e)) {
    NodePtr n = make(Type::variable);
    n->out = place->first;
    n->local = place->second;
    return n;
  }
  return nullptr;
}

std::uint32_t Builder::new_local() {
  ++locals_count_;
  *resolver_.most_locals = std::max(*resolver_.most_locals, locals_count_);
  return locals_count_ - 1;
}

}  // namespace sz::expr::direct
