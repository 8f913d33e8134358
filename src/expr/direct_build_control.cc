#include "expr/direct_builder.h"

namespace sz::expr::direct {

// What binds variables and what takes in generators.

NodePtr Builder::bind(const Expr& e) {
  if (e.patterns.size() != 1 || e.patterns[0].type != Pattern::Type::variable) return nullptr;
  NodePtr n = make(Type::bind);
  NodePtr source = any(e.kids[0].get());
  if (!source) return nullptr;
  n->local = new_local();
  locals_.emplace_back(e.patterns[0].name, n->local);
  NodePtr body = any(e.kids[1].get());
  locals_.pop_back();
  if (!body) return nullptr;
  n->many = source->many || body->many;
  n->kids.push_back(std::move(source));
  n->kids.push_back(std::move(body));
  return n;
}

NodePtr Builder::fold(const Expr& e) {
  if (e.patterns.size() != 1 || e.patterns[0].type != Pattern::Type::variable) return nullptr;
  NodePtr n = make(e.type == E::reduce ? Type::reduce : Type::foreach);
  n->many = e.type == E::foreach;
  NodePtr source = any(e.kids[0].get()), init = build(e.kids[1].get());
  if (!source || !init) return nullptr;
  n->kids.push_back(std::move(source));
  n->kids.push_back(std::move(init));
  n->local = new_local();
  locals_.emplace_back(e.patterns[0].name, n->local);
  for (std::size_t i = 2; i < e.kids.size(); ++i) {
    NodePtr part = i == 2 ? build(e.kids[i].get()) : any(e.kids[i].get());
    n->kids.push_back(std::move(part));
    if (!n->kids.back()) break;
  }
  locals_.pop_back();
  return n->kids.back() ? std::move(n) : nullptr;
}

NodePtr Builder::consumer(Type type, NodePtr generator) {
  if (!generator) return nullptr;
  NodePtr n = make(type);
  n->kids.push_back(std::move(generator));
  return n;
}

NodePtr Builder::consumer(const Expr& e) {
  const std::size_t arity = e.kids.size();
  if (e.text == "first" && arity == 1) return consumer(Type::first, any(e.kids[0].get()));
  if (e.text == "last" && arity == 1) return consumer(Type::last, any(e.kids[0].get()));
  if (e.text == "add" && arity == 1) return consumer(Type::add, any(e.kids[0].get()));
  if ((e.text == "any" || e.text == "all") && arity <= 2) {
    NodePtr n = consumer(e.text == "any" ? Type::any : Type::all,
                         arity == 2 ? any(e.kids[0].get()) : each(make(Type::identity)));
    NodePtr condition = arity == 0 ? make(Type::identity) : build(e.kids[arity - 1].get());
    if (!n || !condition) return nullptr;
    n->kids.push_back(std::move(condition));
    return n;
  }
  if (e.text == "limit" && arity == 2) {
    NodePtr n = consumer(Type::limit, build(e.kids[0].get()));
    NodePtr generator = any(e.kids[1].get());
    if (!n || !generator) return nullptr;
    n->many = true;
    n->kids.push_back(std::move(generator));
    return n;
  }
  if (e.text == "range" && arity >= 1 && arity <= 3) {
    NodePtr n = many(Type::range);
    n->kids.resize(3);
    for (std::size_t i = 0; i < arity; ++i) {
      NodePtr& bound = n->kids[arity == 1 ? 1 : i];
      bound = build(e.kids[i].get());
      if (!bound) return nullptr;
    }
    return n;
  }
  return nullptr;
}

}  // namespace sz::expr::direct
