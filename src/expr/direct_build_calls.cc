#include <algorithm>

#include "expr/direct_builder.h"
#include "expr/regex_literal.h"

namespace sz::expr::direct {

// Builtins.

NodePtr Builder::call(const Expr& e) {
  if (!resolver_.builtin(e.text, e.kids.size())) return nullptr;
  if (e.text == "empty" && e.kids.empty()) return make(Type::empty);
  if (e.text == "select" && e.kids.size() == 1) {
    NodePtr n = with_kids(Type::condition, {e.kids[0].get(), nullptr});
    if (n) n->kids.push_back(make(Type::empty));
    return n;
  }
  if (e.text == "map" && e.kids.size() == 1) {
    if (NodePtr n = map(nullptr, e.kids[0].get(), false)) return n;
    NodePtr body = any(e.kids[0].get());
    return body ? consumer(Type::collect, after(each(make(Type::identity)), std::move(body))) : nullptr;
  }
  if (e.text == "with_entries" && e.kids.size() == 1) return with_entries(e);
  if (NodePtr n = consumer(e)) return n;
  if (NodePtr n = keyed_native(e)) return n;
  if (e.text == "del" && e.kids.size() == 1) return remove(*e.kids[0]);
  if (e.text == "first" && e.kids.empty()) return element(0);
  if (e.text == "last" && e.kids.empty()) return element(-1);
  const Native* native = find_native(e.text, e.kids.size());
  if (native == nullptr) return nullptr;
  if (const auto literal = regex_literal(e)) {
    auto regex = literal->compile();
    if (!regex) return nullptr;  // refused when it is compiled in full
    if (e.text == "test" && literal->whole) return test(std::move(*regex));
  }
  NodePtr n = make(Type::native);
  n->native = native;
  for (const ExprPtr& k : e.kids) {
    NodePtr kid = build(k.get());
    if (!kid) return nullptr;
    n->kids.push_back(std::move(kid));
  }
  return n;
}

// to_entries, then f on each, then from_entries.
NodePtr Builder::with_entries(const Expr& e) {
  NodePtr body = any(e.kids[0].get());
  if (!body) return nullptr;
  if (!body->many) {
    NodePtr n = make(Type::entries);
    n->kids.push_back(std::move(body));
    return n;
  }
  NodePtr n = make(Type::pipe);
  n->kids.push_back(make(Type::native));
  n->kids.back()->native = find_native("to_entries", 0);
  n->kids.push_back(consumer(Type::collect, after(each(make(Type::identity)), std::move(body))));
  n->kids.push_back(make(Type::native));
  n->kids.back()->native = find_native("from_entries", 0);
  return n;
}

bool Builder::gives_one(const Node& n) {
  switch (n.type) {
    case Type::identity:
    case Type::path:
    case Type::constant:
    case Type::local:
    case Type::variable:
      return true;
    case Type::binary:
    case Type::compare:
    case Type::negate:
    case Type::native:
      return std::ranges::all_of(n.kids, [](const NodePtr& k) { return gives_one(*k); });
    default:
      return false;
  }
}

NodePtr Builder::keyed_native(const Expr& e) {
  if (!e.text.ends_with("_by") || e.kids.size() != 1) return nullptr;
  const Native* native = find_native("_" + e.text, 1);
  if (native == nullptr) return nullptr;
  NodePtr key = build(e.kids[0].get());
  if (!key) return nullptr;
  // Where a key always comes, keys compare as their lists of one do (the words of min_by's errors show
  // them).
  if (e.text.starts_with("m") || !gives_one(*key)) {
    NodePtr list = make(Type::array);
    list->kids.push_back(std::move(key));
    key = std::move(list);
  }
  NodePtr keys = make(Type::map);
  keys->kids.push_back(make(Type::identity));
  keys->kids.push_back(std::move(key));
  NodePtr n = make(Type::native);
  n->native = native;
  n->kids.push_back(std::move(keys));
  return n;
}

NodePtr Builder::element(int at) {
  NodePtr n = make(Type::index);
  n->kids.push_back(make(Type::identity));
  n->kids.push_back(make(Type::constant));
  n->kids.back()->constant = Value::integer(at);
  return n;
}

NodePtr Builder::test(Regex regex) {
  NodePtr n = make(Type::test);
  n->regex = std::move(regex);
  return n;
}

}  // namespace sz::expr::direct
