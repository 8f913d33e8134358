#pragma once

#include <utility>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/context.h"
#include "expr/errors.h"
#include "json/distinct.h"

namespace sz::expr {

/// {"key": key, "value": value}
inline Value make_entry(Heap& heap, Value key, Value value) {
  Value entry = Value::object(heap, 2);
  entry.object_block().append(Value::view("key"), std::move(key));
  entry.object_block().append(Value::view("value"), std::move(value));
  return entry;
}

/// Adds to `object` what from_entries makes of an entry; false with the error set.
bool add_entry(Context& context, ObjectBlock& object, const Value& entry);

/// Calls f(key, value) for each member or element, in order, until it gives false, and is then false. False,
/// with the error set, for what has no keys.
template <class F>
bool each_entry(Context& context, const Value& v, F f) {
  if (!v.is_object() && !v.is_array()) {
    type_error(context, v, "has no keys");
    return false;
  }
  if (v.is_array()) {
    std::int64_t i = 0;
    if (v.is_node()) {
      for (const json::Node e : v.as_node().elements())
        if (!f(Value::integer(i++), Value::of(e))) return false;
      return true;
    }
    for (const Value& e : v.array_block().items)
      if (!f(Value::integer(i++), e)) return false;
    return true;
  }
  if (v.is_node() && !json::has_repeated_names(v.as_node())) {
    for (const auto& m : v.as_node().members())
      if (!f(plain_string(context.heap, Value::of(m.key)), Value::of(m.value))) return false;
    return true;
  }
  const Value object = built_object(context.heap, v);
  for (const auto& m : object.object_block().members)
    if (!f(m.key, m.value)) return false;
  return true;
}

}  // namespace sz::expr
