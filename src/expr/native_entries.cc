#include <array>
#include <string_view>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/native.h"

// from_entries; to_entries is with the builtins on values of any kind.

namespace sz::expr {

namespace {

using Args = std::span<Value>;

Value at(Context& context, const Value& entry, std::string_view name) {
  return index(context, entry, Value::view(name));
}

// .key, or the first of its other names that is neither null nor false, or what the last one is.
Value key_of(Context& context, const Value& entry) {
  Value key = at(context, entry, "key");
  static constexpr std::array<std::string_view, 5> others = {"k", "name", "Name", "K", "Key"};
  for (std::size_t i = 0; i < others.size() && !key.is_fault() && (i > 0 ? !key.is_truthy() : key.is_null());
       ++i)
    key = at(context, entry, others[i]);
  if (key.is_fault() || key.is_string()) return key;
  return to_json(context, key);
}

bool has(const Value& entry, std::string_view name) {
  if (!entry.is_object()) return false;
  if (entry.is_node()) return entry.as_node().field(json::Key(std::string(name))).has_value();
  return entry.object_block().find(name) != ObjectBlock::npos;
}

Value from_entries(Context& context, Args v) {
  const Value items = iterable(context, v[0]);
  if (items.is_fault()) return items;
  const Value list = built_array(context.heap, items);
  Value out = Value::object(context.heap, list.array_block().items.size());
  for (const Value& entry : list.array_block().items) {
    if (!context.spend(1)) return Value::fault();
    const Value key = key_of(context, entry);
    if (key.is_fault()) return key;
    Value value = at(context, entry, has(entry, "value") ? "value" : has(entry, "v") ? "v" : "Value");
    if (value.is_fault()) return value;
    out.object_block().set(plain_string(context.heap, key), std::move(value));
    if (context.heap.over()) return context.too_large();
  }
  return context.grown(std::move(out));
}

constexpr Native table[] = {{"from_entries", 0, from_entries}};

}  // namespace

std::span<const Native> entries_natives() { return table; }

}  // namespace sz::expr
