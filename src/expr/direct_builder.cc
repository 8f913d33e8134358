#include "expr/direct_builder.h"

#include "expr/direct_constants.h"

namespace sz::expr::direct {

// Dispatch, and the nodes that others are made of.

NodePtr Builder::build(const Expr* e) {
  if (e == nullptr) return make(Type::identity);
  if (e->indirect) return nullptr;
  NodePtr n = any(e);
  if (n && !n->many) return n;
  e->indirect = true;
  return nullptr;
}

NodePtr Builder::any(const Expr* e) {
  if (e == nullptr) return make(Type::identity);
  if (e->unstreamed) return nullptr;
  NodePtr n = build_new(e);
  if (n) return folded(std::move(n), *heap_, resolver_.most_steps);
  e->unstreamed = e->indirect = true;
  return nullptr;
}

NodePtr Builder::build_new(const Expr* e) {
  switch (e->type) {
    case E::identity:
      return make(Type::identity);
    case E::field:
      return field(*e);
    case E::index: {
      NodePtr subject = any(e->kids[0].get()), key = build(e->kids[1].get());
      if (!subject || !key || (subject->many && key->type != Type::constant)) return nullptr;
      NodePtr n = make(Type::index);
      n->optional = e->optional;
      NodePtr before = split_off(subject);
      n->kids.push_back(std::move(subject));
      n->kids.push_back(std::move(key));
      return after(std::move(before), std::move(n));
    }
    case E::slice:
      return slice(*e);
    case E::literal_null:
    case E::literal_true:
    case E::literal_false:
    case E::number:
    case E::string: {
      NodePtr n = make(Type::constant);
      n->constant = resolver_.constant(*e);
      return n;
    }
    case E::iterate: {
      NodePtr subject = any(e->kids[0].get());
      if (!subject) return nullptr;
      NodePtr before = split_off(subject);
      NodePtr n = each(std::move(subject));
      n->optional = e->optional;
      return after(std::move(before), std::move(n));
    }
    case E::recurse_all:
      return many(Type::recurse);
    case E::comma: {
      NodePtr n = chain(Type::comma, *e);
      if (n) n->many = true;
      return n;
    }
    case E::bind:
      return bind(*e);
    case E::reduce:
    case E::foreach:
      return fold(*e);
    case E::pipe: {
      NodePtr n = chain(Type::pipe, *e);
      return n && n->many && n->kids.size() > 64 ? nullptr : std::move(n);
    }
    case E::binary:
      return binary(*e);
    case E::negate:
      return with_kids(Type::negate, {e->kids[0].get()});
    case E::and_:
      return chain(Type::conjunction, *e);
    case E::or_:
      return chain(Type::disjunction, *e);
    case E::alternative:
      return chain(Type::alternative, *e);
    case E::condition: {
      NodePtr n = with_kids(Type::condition, {e->kids[0].get()});
      if (!n) return nullptr;
      for (std::size_t i = 1; i < 3; ++i) {
        NodePtr branch = any(e->kids[i].get());
        if (!branch) return nullptr;
        n->many = n->many || branch->many;
        n->kids.push_back(std::move(branch));
      }
      return n;
    }
    case E::attempt: {
      if (e->kids.size() > 1) return with_kids(Type::attempt, {e->kids[0].get(), e->kids[1].get()});
      return with_kids(Type::attempt, {e->kids[0].get()});
    }
    case E::object:
      return object(*e);
    case E::array:
      return array(*e);
    case E::interpolation:
      return concat(*e);
    case E::format: {
      NodePtr n = make(Type::native);
      n->native = find_native(e->text, 0);
      return n->native != nullptr ? std::move(n) : nullptr;
    }
    case E::variable:
      return variable(*e);
    case E::call:
      return call(*e);
    case E::assign:
      return assign(*e);
    default:
      return nullptr;
  }
}

NodePtr Builder::make(Type type) {
  auto n = std::make_unique<Node>();
  n->type = type;
  return n;
}

NodePtr Builder::with_kids(Type type, std::initializer_list<const Expr*> kids) {
  NodePtr n = make(type);
  for (const Expr* k : kids) {
    NodePtr kid = build(k);
    if (!kid) return nullptr;
    n->kids.push_back(std::move(kid));
  }
  return n;
}

NodePtr Builder::chain(Type type, const Expr& e) {
  const bool streams = type == Type::pipe || type == Type::comma;
  NodePtr n = make(type);
  for (const ExprPtr& k : e.kids) {
    NodePtr kid = streams ? any(k.get()) : build(k.get());
    if (!kid) return nullptr;
    n->many = n->many || kid->many;
    n->kids.push_back(std::move(kid));
  }
  return n;
}

NodePtr Builder::many(Type type) {
  NodePtr n = make(type);
  n->many = true;
  return n;
}

NodePtr Builder::each(NodePtr subject) {
  NodePtr n = many(Type::each);
  n->kids.push_back(std::move(subject));
  return n;
}

NodePtr Builder::split_off(NodePtr& subject) {
  return subject->many ? std::exchange(subject, make(Type::identity)) : nullptr;
}

NodePtr Builder::after(NodePtr before, NodePtr n) {
  if (!before) return n;
  NodePtr pipe = many(Type::pipe);
  pipe->kids.push_back(std::move(before));
  pipe->kids.push_back(std::move(n));
  return pipe;
}

std::unique_ptr<Node> build(const Expr& e, const Resolver& resolver) { return Builder(resolver).build(&e); }

std::unique_ptr<Node> build_stream(const Expr& e, const Resolver& resolver) {
  return Builder(resolver).any(&e);
}

}  // namespace sz::expr::direct
