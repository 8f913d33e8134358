#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/context.h"
#include "expr/value.h"
#include "json/node.h"

namespace sz::expr {

/// A constant name after a dot, prepared for both forms of an object.
struct Name {
  explicit Name(std::string n) : key(std::move(n)), value(Value::view(key.name())) {}
  Name(const Name&) = delete;
  Name& operator=(const Name&) = delete;
  json::Key key;
  Value value;  ///< a view of the key's text
};

/// `t.name`.
Value field(Context& context, const Value& t, const Name& name);
Value field_slow(Context& context, const Value& t, const Name& name);
/// `t[k]`: by name, position, slice object, or the positions of an array in an array.
Value index(Context& context, const Value& t, const Value& k);
/// `t[from:to]`; null means open.
Value slice(Context& context, const Value& t, const Value& from, const Value& to);
/// `t` as the array of what `.[]` gives: the values of an object or array (built, maybe shared; or an array's
/// Node). A fault for other kinds.
Value iterable(Context& context, const Value& t);
/// `t[k] = v`, in place when `t` has one owner. A null `t` becomes what `k` asks for.
Value with(Context& context, Value t, const Value& k, Value v);
/// Without the members or elements `keys` (sorted in jq's order).
Value without(Context& context, Value t, const std::vector<Value>& keys);

Value get_path(Context& context, const Value& t, const Value& path);
Value set_path(Context& context, Value t, const Value& path, Value v);
Value delete_paths(Context& context, Value t, const Value& paths);

/// The number of elements, members (repeated names once) or code points; only for these kinds.
std::size_t count(const Value& v);
std::size_t count_code_points(std::string_view text);

inline Value field(Context& context, const Value& t, const Name& name) {
  if (t.is_node()) {
    const json::Node node = t.as_node();
    if (node.kind() == json::Kind::object) [[likely]] {
      if (const auto found = node.field(name.key)) return Value::of(*found);
      return Value();
    }
  }
  return field_slow(context, t, name);
}

}  // namespace sz::expr
