#include <array>
#include <string_view>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/entries.h"
#include "expr/native.h"

// to_entries and from_entries.

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

bool fits(Context& context) {
  if (!context.heap.over()) return true;
  context.too_large();
  return false;
}

}  // namespace

bool add_entry(Context& context, ObjectBlock& object, const Value& entry) {
  // The usual case: both names are there.
  if (!entry.is_node() && entry.is_object()) {
    const auto& members = entry.object_block().members;
    const std::size_t k = entry.object_block().find("key"), v = entry.object_block().find("value");
    if (k != ObjectBlock::npos && v != ObjectBlock::npos && members[k].value.is_string()) {
      object.set(plain_string(context.heap, members[k].value), members[v].value);
      return fits(context);
    }
  }
  const Value key = key_of(context, entry);
  if (key.is_fault()) return false;
  Value value = at(context, entry, has(entry, "value") ? "value" : has(entry, "v") ? "v" : "Value");
  if (value.is_fault()) return false;
  object.set(plain_string(context.heap, key), std::move(value));
  return fits(context);
}

namespace {

Value from_entries(Context& context, Args v) {
  const Value items = iterable(context, v[0]);
  if (items.is_fault()) return items;
  Value out = Value::object(context.heap, count(items));
  const auto add = [&](const Value& entry) {
    return context.spend(1) && add_entry(context, out.object_block(), entry);
  };
  if (items.is_node()) {
    for (const json::Node e : items.as_node().elements())
      if (!add(Value::of(e))) return Value::fault();
  } else {
    for (const Value& e : items.array_block().items)
      if (!add(e)) return Value::fault();
  }
  return context.grown(std::move(out));
}

Value to_entries(Context& context, Args v) {
  Value out = Value::array(context.heap);
  const auto add = [&](Value key, Value value) {
    if (!context.spend(1)) return false;
    out.array_block().push(make_entry(context.heap, std::move(key), std::move(value)));
    if (!context.heap.over()) return true;
    context.too_large();
    return false;
  };
  return each_entry(context, v[0], add) ? context.grown(std::move(out)) : Value::fault();
}

constexpr Native table[] = {{"from_entries", 0, from_entries}, {"to_entries", 0, to_entries}};

}  // namespace

std::span<const Native> entries_natives() { return table; }

}  // namespace sz::expr
