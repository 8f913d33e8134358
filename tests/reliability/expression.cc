#include "expression.h"

#include <cstdlib>
#include <stdexcept>

namespace sz::simulate {
namespace {

using Kind = Value::Kind;

/// `.key`: nullptr is an error.
ValuePtr member(const ValuePtr& of, std::string_view key) {
  if (of->kind == Kind::null) return null_value();
  if (of->kind != Kind::object) return nullptr;
  const ValuePtr* found = of->find(key);
  return found != nullptr ? *found : null_value();
}

Outputs one(ValuePtr v, bool whole = false) {
  if (v == nullptr) return std::nullopt;
  return std::vector<Output>{{std::move(v), whole}};
}

/// Is it greater than 2 in jq's order?
bool over_two(const Value& v) { return v.kind == Kind::number ? v.number() > 2 : v.kind > Kind::number; }

std::optional<bool> a_over_two(const ValuePtr& r) {
  const ValuePtr a = member(r, "a");
  if (a == nullptr) return std::nullopt;
  return over_two(*a);
}

Outputs identity(const ValuePtr& r) { return one(r, true); }
Outputs a(const ValuePtr& r) { return one(member(r, "a")); }
Outputs k(const ValuePtr& r) { return one(member(r, "k")); }
Outputs l(const ValuePtr& r) { return one(member(r, "l")); }

Outputs a_greater(const ValuePtr& r) {
  const auto over = a_over_two(r);
  return over ? one(boolean(*over)) : std::nullopt;
}

Outputs k_is_x(const ValuePtr& r) {
  const ValuePtr v = member(r, "k");
  return v ? one(boolean(v->kind == Kind::string && v->text == "x")) : std::nullopt;
}

Outputs k_is_not_x(const ValuePtr& r) {
  const ValuePtr v = member(r, "k");
  return v ? one(boolean(!(v->kind == Kind::string && v->text == "x"))) : std::nullopt;
}

Outputs pick(const ValuePtr& r) {
  const ValuePtr first = member(r, "k"), second = member(r, "a");
  if (first == nullptr || second == nullptr) return std::nullopt;
  return one(object({{"k", first}, {"a", second}}));
}

Outputs pair(const ValuePtr& r) {
  const ValuePtr first = member(r, "k"), second = member(r, "a");
  if (first == nullptr || second == nullptr) return std::nullopt;
  return one(array({first, second}));
}

Outputs elements(const ValuePtr& r) {
  const ValuePtr list = member(r, "l");
  if (list == nullptr || list->kind != Kind::array) return std::nullopt;
  std::vector<Output> all;
  for (const ValuePtr& item : list->items) all.push_back({item});
  return all;
}

Outputs elements_if_any(const ValuePtr& r) {
  const ValuePtr list = member(r, "l");
  if (list == nullptr) return std::nullopt;
  return list->kind == Kind::array ? elements(r) : std::vector<Output>{};
}

Outputs a_plus_one(const ValuePtr& r) {
  const ValuePtr v = member(r, "a");
  if (v == nullptr || (v->kind != Kind::number && v->kind != Kind::null)) return std::nullopt;
  if (v->kind == Kind::null) return one(number("1"));
  if (v->raw.find_first_of(".eE") == std::string::npos)
    return one(number(std::to_string(std::strtoll(v->raw.c_str(), nullptr, 10) + 1)));
  return one(number(print_number(v->number() + 1)));
}

Outputs deep(const ValuePtr& r) {
  const ValuePtr v = member(r, "k");
  return v ? one(member(v, "x")) : std::nullopt;
}

Outputs selected(const ValuePtr& r) {
  const auto over = a_over_two(r);
  if (!over) return std::nullopt;
  return *over ? one(r, true) : std::vector<Output>{};
}

Outputs nothing(const ValuePtr&) { return std::vector<Output>{}; }

Outputs chosen(const ValuePtr& r) {
  const auto over = a_over_two(r);
  if (!over) return std::nullopt;
  return *over ? k(r) : one(r, true);
}

Outputs alternative(const ValuePtr& r) {
  const ValuePtr v = member(r, "a");
  if (v == nullptr) return std::nullopt;
  return v->truthy() ? one(v) : one(string_value("none"));
}

Outputs two(const ValuePtr& r) {
  const ValuePtr first = member(r, "a"), second = member(r, "k");
  if (first == nullptr || second == nullptr) return std::nullopt;
  return std::vector<Output>{{first}, {second}};
}

Outputs self_and_k(const ValuePtr& r) {
  const ValuePtr second = member(r, "k");
  if (second == nullptr) return std::nullopt;
  return std::vector<Output>{{r, true}, {second}};
}

Outputs set_a(const ValuePtr& r) {
  if (r->kind == Kind::null) return one(object({{"a", number("5")}}));
  if (r->kind != Kind::object) return std::nullopt;
  auto members = r->members;
  bool there = false;
  for (auto& [key, value] : members)
    if (key == "a") value = number("5"), there = true;
  if (!there) members.emplace_back("a", number("5"));
  return one(object(std::move(members)));
}

constexpr Expression maps[] = {{".", identity},
                               {".a", a},
                               {".k", k},
                               {".l", l},
                               {".l[]", elements},
                               {".l[]?", elements_if_any},
                               {"{k,a}", pick},
                               {"[.k,.a]", pair},
                               {".a + 1", a_plus_one},
                               {".k.x", deep},
                               {"select(.a > 2)", selected},
                               {"empty", nothing},
                               {"if .a > 2 then .k else . end", chosen},
                               {".a // \"none\"", alternative},
                               {".a, .k", two},
                               {"., .k", self_and_k},
                               {".a = 5", set_a, true}};
constexpr Expression truths[] = {{".", identity},       {".a", a},
                                 {".a > 2", a_greater}, {".k == \"x\"", k_is_x},
                                 {".k.x", deep},        {".k != \"x\"", k_is_not_x},
                                 {"empty", nothing},    {".l[]?", elements_if_any}};
constexpr Expression names[] = {
    {".k", k}, {".a", a}, {".a > 2", a_greater}, {"[.k,.a]", pair}, {".k.x", deep}};
constexpr Expression arrays[] = {{".", identity}, {".l", l}, {"[.k,.a]", pair}};

}  // namespace

std::optional<bool> Expression::truthy(const ValuePtr& record) const {
  const Outputs all = outputs(record);
  if (!all) return std::nullopt;
  for (const Output& output : *all)
    if (output.value->truthy()) return true;
  return false;
}

ValuePtr Expression::value(const ValuePtr& record) const {
  const Outputs all = outputs(record);
  if (!all) return nullptr;
  return all->empty() ? null_value() : all->front().value;
}

std::span<const Expression> map_expressions() { return maps; }
std::span<const Expression> conditions() { return truths; }
std::span<const Expression> keys() { return names; }
std::span<const Expression> lists() { return arrays; }

const Expression& expression(std::string_view text) {
  for (const Expression& e : maps)
    if (e.text == text) return e;
  throw std::logic_error("no such expression");
}

}  // namespace sz::simulate
