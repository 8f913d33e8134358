#include <algorithm>
#include <cmath>
#include <cstring>

#include "expr/direct_builder.h"
#include "expr/direct_constants.h"
#include "json/write.h"

namespace sz::expr::direct {

// Construction, operators, strings.

NodePtr Builder::binary(const Expr& e) {
  // The evaluator recurses into the left end: long chains are the machine's.
  constexpr std::size_t longest = 64;
  if (e.kids.size() > longest) return nullptr;
  NodePtr left = build(e.kids[0].get());
  for (std::size_t i = 1; left && i < e.kids.size(); ++i) {
    NodePtr n = make(Type::binary);
    n->op = *operator_of(e.names[i - 1]);
    n->kids.push_back(std::move(left));
    n->kids.push_back(build(e.kids[i].get()));
    if (!n->kids[1]) return nullptr;
    if (n->op >= Operator::equal) prepare(*n);
    left = folded(std::move(n), *heap_, resolver_.most_steps);
  }
  return left;
}

void Builder::prepare(Node& n) {
  if (n.kids[1]->type != Type::constant) {
    // 5 < x is x > 5; NaN alone is less than itself.
    const Value& left = n.kids[0]->constant;
    if (n.kids[0]->type != Type::constant || (left.is_number() && std::isnan(left.number().d))) return;
    std::swap(n.kids[0], n.kids[1]);
    n.op = mirrored(n.op);
  }
  Value constant = n.kids[1]->constant;
  std::string scratch;
  n.type = Type::compare;
  n.kind = constant.kind();
  if (constant.is_number()) {
    n.number = constant.number();
    if (n.number.integer) {
      json::append_number(n.text, n.number.i);
      n.plain_integer = true;
      if (n.text.size() <= sizeof n.head) {
        std::memcpy(&n.head, n.text.data(), n.text.size());
        std::memset(&n.mask, 0xFF, n.text.size());
      }
    }
  } else if (constant.is_string()) {
    n.text = constant.text(scratch);
    n.string.emplace(n.text);
  }
  n.constant = std::move(constant);
  n.kids.pop_back();
}

NodePtr Builder::object(const Expr& e) {
  NodePtr n = make(Type::object);
  bool constant = true;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < e.kids.size(); ++i) {
    NodePtr k = build(e.kids[i].get());
    if (!k) return nullptr;
    if (i % 2 == 0) {
      std::string scratch;
      if (k->type == Type::constant && k->constant.is_string()) {
        keys.emplace_back(k->constant.text(scratch));
      } else {
        constant = false;
      }
    }
    n->kids.push_back(std::move(k));
  }
  auto sorted = keys;
  std::ranges::sort(sorted);
  if (constant && std::ranges::adjacent_find(sorted) == sorted.end()) {
    for (const std::string& key : keys) {
      std::string chunk = n->chunks.empty() ? "{" : ",";
      json::append_string(chunk, key);
      n->chunks.push_back(chunk + ":");
    }
  }
  n->gathers = !n->chunks.empty() && n->chunks.size() <= max_gathered;
  for (std::size_t i = 1; i < n->kids.size(); i += 2)
    n->gathers = n->gathers && n->kids[i]->type == Type::path;
  return n;
}

bool Builder::elements(const Expr& e, Node& out) {
  if (e.type == E::comma)
    return std::ranges::all_of(e.kids, [&](const ExprPtr& k) { return elements(*k, out); });
  NodePtr k = build(&e);
  if (!k) return false;
  out.kids.push_back(std::move(k));
  return true;
}

NodePtr Builder::map(const Expr* list, const Expr* body, bool optional) {
  NodePtr n = make(Type::map);
  n->optional = optional;
  NodePtr l = build(list);
  if (!l) return nullptr;
  NodePtr b = body ? build(body) : make(Type::identity);
  if (!b) return nullptr;
  n->kids.push_back(std::move(l));
  n->kids.push_back(std::move(b));
  return n;
}

NodePtr Builder::array(const Expr& e) {
  if (!e.kids.empty()) {
    const Expr& body = *e.kids[0];
    NodePtr n;
    if (body.type == E::iterate) n = map(body.kids[0].get(), nullptr, body.optional);
    if (body.type == E::pipe && body.kids.size() == 2 && body.kids[0]->type == E::iterate)
      n = map(body.kids[0]->kids[0].get(), body.kids[1].get(), body.kids[0]->optional);
    if (n) return n;
  }
  NodePtr n = make(Type::array);
  if (e.kids.empty() || elements(*e.kids[0], *n)) return n;
  return consumer(Type::collect, any(e.kids[0].get()));
}

NodePtr Builder::concat(const Expr& e) {
  NodePtr n = make(Type::concat);
  if (!e.text.empty() && e.text != "@text") {
    n->native = find_native(e.text, 0);
    if (n->native == nullptr) return nullptr;
  }
  n->chunks.emplace_back();
  for (const ExprPtr& part : e.kids) {
    if (part->type == E::string) {
      n->chunks.back() += part->text;
      continue;
    }
    NodePtr k = build(part.get());
    if (!k) return nullptr;
    n->kids.push_back(std::move(k));
    n->chunks.emplace_back();
  }
  for (const std::string& chunk : n->chunks) json::append_string_content(n->quoted.emplace_back(), chunk);
  return n;
}

}  // namespace sz::expr::direct
