#include <utility>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/direct.h"

// Assignment and deletion: the input with one place changed, in place where nobody else has it.

namespace sz::expr::direct {

namespace {

// The path with its computed keys, the last first as the machine has them; none if a key has no output.
Value filled(Context& context, const Node& n, const Value& input) {
  const auto& keys = n.constant.array_block().items;
  Value path = Value::array(context.heap, keys.size());
  ArrayBlock& block = path.array_block();
  for (const Value& key : keys) block.push(key);
  bool usual = true;
  for (std::size_t i = n.holes.size(); i > 0; --i) {
    Value key = evaluate(context, *n.kids[i], input);
    if (!key.is_output()) return key;
    usual = usual && (key.is_string() || key.is_number());
    block.deepen(key);
    block.items[n.holes[i - 1]] = std::move(key);
  }
  if (usual) return path;
  // An index that cannot be is an error before anything else happens.
  Value at = input;
  for (const Value& key : block.items) {
    at = index(context, at, key);
    if (at.is_fault()) return at;
  }
  return path;
}

}  // namespace

Value edit(Context& context, const Node& n, Value input) {
  if (n.type == Type::remove) {
    for (const Value& path : n.constant.array_block().items)
      if (Value v = get_path(context, input, path); v.is_fault()) return v;
    return delete_paths(context, std::move(input), n.constant);
  }
  Value v;
  if (n.type != Type::update) {
    v = evaluate(context, *n.kids[0], input);
    if (!v.is_output()) return v;
  }
  const Value path = n.holes.empty() ? n.constant : filled(context, n, input);
  if (path.is_fault()) return path;
  if (path.is_none()) return input;  // nothing to change
  if (n.type == Type::update) {
    Value old = get_path(context, input, path);
    if (old.is_fault()) return old;
    if (old.is_built() && input.is_built() && input.unique()) {
      // Let go of it in the input, so that it can change in place.
      input = set_path(context, std::move(input), path, Value());
      if (input.is_fault()) return input;
    }
    v = evaluate_owned(context, *n.kids[0], std::move(old));
    if (v.is_fault()) return v;
    if (v.is_none()) {
      Value list = Value::array(context.heap, 1);
      list.array_block().push(path);
      return delete_paths(context, std::move(input), list);
    }
    return set_path(context, std::move(input), path, std::move(v));
  }
  if (n.type != Type::set) {
    Value old = get_path(context, input, path);
    if (old.is_fault()) return old;
    if (n.type == Type::default_to) {
      if (old.is_truthy()) v = std::move(old);
    } else {
      if (old.is_built() && input.is_built() && input.unique()) {
        input = set_path(context, std::move(input), path, Value());
        if (input.is_fault()) return input;
      }
      v = apply(context, n.op, std::move(old), std::move(v));
      if (v.is_fault()) return v;
    }
  }
  return set_path(context, std::move(input), path, std::move(v));
}

}  // namespace sz::expr::direct
