#include "expr/direct_constants.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "expr/blocks.h"
#include "expr/context.h"

namespace sz::expr::direct {

namespace {

using NodePtr = std::unique_ptr<Node>;

constexpr std::uint64_t most_steps = 10'000;
constexpr std::size_t most_bytes = 64 << 10;

// Builtins whose answer is no function of their input and arguments, or that do something.
constexpr std::array<std::string_view, 8> impure = {
    "now",    "input_line_number", "input_filename", "debug",
    "stderr", "localtime",         "strflocaltime",  "builtins"};

// No variables, nothing but `.` is looked at.
bool pure(const Node& n) {
  switch (n.type) {
    case Type::local:
    case Type::variable:
    case Type::bind:
    case Type::reduce:
    case Type::foreach:
      return false;
    case Type::native:
      if (std::ranges::find(impure, n.native->name) != impure.end()) return false;
      break;
    case Type::concat:
      if (n.native != nullptr && std::ranges::find(impure, n.native->name) != impure.end()) return false;
      break;
    default:
      break;
  }
  return std::ranges::all_of(n.kids, [](const NodePtr& k) { return !k || pure(*k); });
}

bool closed(const Node& n);

// A part that is a constant, or gives many.
bool settled(const NodePtr& k) { return !k || k->type == Type::constant || (k->many && closed(*k)); }

// Is `.` not looked at?
bool closed(const Node& n) {
  switch (n.type) {
    case Type::constant:
      return true;
    case Type::field:
    case Type::index:
    case Type::slice:
    case Type::object:
    case Type::array:
    case Type::binary:
    case Type::compare:
    case Type::negate:
    case Type::conjunction:
    case Type::disjunction:
    case Type::alternative:
    case Type::condition:
    case Type::concat:
    case Type::collect:
    case Type::first:
    case Type::last:
    case Type::add:
    case Type::comma:
    case Type::each:
    case Type::range:
    case Type::limit:
      return std::ranges::all_of(n.kids, settled);
    // What comes first is the others' input.
    case Type::pipe:
    case Type::map:
    case Type::any:
    case Type::all:
    case Type::attempt:
      return settled(n.kids[0]) &&
             std::all_of(n.kids.begin() + 1, n.kids.end(), [](const NodePtr& k) { return pure(*k); });
    default:
      return false;
  }
}

// The same value in `heap`, sharing nothing.
Value copy(Heap& heap, const Value& v) {
  std::string scratch;
  if (v.is_string()) return Value::string(heap, v.text(scratch));
  if (v.tag() == Value::Tag::number) return Value::number(heap, v.number_text());
  if (v.is_array()) {
    Value out = Value::array(heap, v.array_block().items.size());
    for (const Value& e : v.array_block().items) out.array_block().push(copy(heap, e));
    return out;
  }
  if (v.is_object()) {
    Value out = Value::object(heap, v.object_block().members.size());
    for (const auto& m : v.object_block().members)
      out.object_block().set(copy(heap, m.key), copy(heap, m.value));
    return out;
  }
  return v;
}

}  // namespace

NodePtr folded(NodePtr n, Heap& heap, std::uint64_t steps) {
  if (n->type == Type::condition && n->kids[0]->type == Type::constant)
    return std::move(n->kids[n->kids[0]->constant.is_truthy() ? 1 : 2]);
  if (n->many || n->type == Type::constant || !closed(*n)) return n;
  Context context(std::min(steps, most_steps), most_bytes);
  const Value v = evaluate(context, *n, Value());
  if (!v.is_output()) return n;
  auto constant = std::make_unique<Node>();
  constant->type = Type::constant;
  constant->constant = copy(heap, v);
  return constant;
}

}  // namespace sz::expr::direct
