#include <cmath>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "expr/parse_value.h"
#include "json/distinct.h"
#include "json/document.h"

// Builtins on values of any kind and on objects.

namespace sz::expr {

namespace {

using json::Kind;
using Args = std::span<Value>;

Value length(Context& context, Args v) {
  switch (v[0].kind()) {
    case Kind::null:
      return Value::integer(0);
    case Kind::boolean:
      return type_error(context, v[0], "has no length");
    case Kind::number: {
      const json::Number n = v[0].number();
      if (n.integer && n.i >= 0) return std::move(v[0]);
      if (n.integer && n.i != std::numeric_limits<std::int64_t>::min()) return Value::integer(-n.i);
      return n.d >= 0 && v[0].is_node() ? std::move(v[0]) : Value::real(std::fabs(n.d));
    }
    default:
      return Value::integer(static_cast<std::int64_t>(count(v[0])));
  }
}

Value keys_in(Context& context, const Value& v, bool sorted) {
  if (!v.is_array() && !v.is_object()) return type_error(context, v, "has no keys");
  Value out = Value::array(context.heap, v.is_object() ? 8 : 0);
  ArrayBlock& block = out.array_block();
  if (v.is_array()) {
    const std::size_t n = count(v);
    if (!context.heap.fits(n * sizeof(Value)) || !context.spend(n)) return context.too_large();
    for (std::size_t i = 0; i < n; ++i) block.push(Value::integer(static_cast<std::int64_t>(i)));
    return out;
  }
  const Value object = built_object(context.heap, v);
  const ObjectBlock& members = object.object_block();
  if (sorted) {
    for (const std::uint32_t i : members.sorted()) block.push(members.members[i].key);
  } else {
    for (const auto& m : members.members) block.push(m.key);
  }
  return context.grown(std::move(out));
}

Value keys(Context& context, Args v) { return keys_in(context, v[0], true); }
Value keys_unsorted(Context& context, Args v) { return keys_in(context, v[0], false); }

Value has(Context& context, Args v) {
  const Kind kind = v[0].kind(), by = v[1].kind();
  if (kind == Kind::null) return Value::boolean(false);
  if (kind == Kind::object && by == Kind::string) {
    std::string s;
    const std::string_view name = v[1].text(s);
    if (v[0].is_node()) return Value::boolean(v[0].as_node().field(json::Key(std::string(name))).has_value());
    return Value::boolean(v[0].object_block().find(name) != ObjectBlock::npos);
  }
  if (kind == Kind::array && by == Kind::number) {
    const double d = v[1].number().d;
    return Value::boolean(d >= 0 && std::floor(d) < static_cast<double>(count(v[0])));
  }
  return context.fail(fmt::format("Cannot check whether {} has a {} key", kind_name(v[0]), kind_name(v[1])));
}

Value type(Context&, Args v) { return Value::view(kind_name(v[0])); }
Value invert(Context&, Args v) { return Value::boolean(!v[0].is_truthy()); }
Value error0(Context& context, Args v) { return context.fail(std::move(v[0])); }
Value error1(Context& context, Args v) { return context.fail(std::move(v[1])); }

Value tojson(Context& context, Args v) { return to_json(context, v[0]); }
Value tostring(Context& context, Args v) { return to_text(context, v[0]); }

Value fromjson(Context& context, Args v) {
  if (!v[0].is_string()) return type_error(context, v[0], "only strings can be parsed");
  std::string s;
  const std::string text(v[0].text(s));
  json::Document document;
  const auto parsed = document.parse(text);
  if (!parsed) {
    if (text == "nan" || text == "NaN") return Value::real(std::nan(""));
    return context.fail(fmt::format("{} at offset {} (while parsing '{}')", json::phrase(parsed.error().code),
                                    parsed.error().offset, text));
  }
  // The document ends here: copy.
  return context.grown(copy_value(context.heap, *parsed));
}

Value add_all(Context& context, Args v) {
  const Value items = iterable(context, v[0]);
  if (items.is_fault()) return items;
  const Value list = built_array(context.heap, items);
  Value sum;
  for (const Value& item : list.array_block().items) {
    if (!context.spend(1)) return Value::fault();
    sum = add(context, std::move(sum), item);
    if (sum.is_fault()) break;
  }
  return sum;
}

bool contains_value(Context& context, const Value& a, const Value& b, bool& comparable) {
  const Kind kind = a.kind();
  if (kind != b.kind()) {
    comparable = false;
    return false;
  }
  if (!context.spend(1)) return false;
  if (kind == Kind::object) {
    const Value x = built_object(context.heap, a), y = built_object(context.heap, b);
    for (const auto& m : y.object_block().members) {
      const std::size_t i = x.object_block().find(ObjectBlock::name(m));
      bool inner = true;
      if (i == ObjectBlock::npos ||
          !contains_value(context, x.object_block().members[i].value, m.value, inner))
        return false;
    }
    return true;
  }
  if (kind == Kind::array) {
    const Value x = built_array(context.heap, a), y = built_array(context.heap, b);
    for (const Value& want : y.array_block().items) {
      bool found = false;
      for (const Value& have : x.array_block().items) {
        bool inner = true;
        if (contains_value(context, have, want, inner)) {
          found = true;
          break;
        }
      }
      if (!found) return false;
    }
    return true;
  }
  if (kind == Kind::string) {
    std::string p, q;
    return a.text(p).find(b.text(q)) != std::string_view::npos;
  }
  return equal(a, b);
}

Value contains(Context& context, Args v) {
  // To jq, true and false are of different kinds.
  bool comparable =
      v[0].kind() != Kind::boolean || v[1].kind() != Kind::boolean || v[0].is_truthy() == v[1].is_truthy();
  const bool found = contains_value(context, v[0], v[1], comparable);
  if (!comparable) return type_error(context, v[0], v[1], "cannot have their containment checked");
  if (context.fatal) return Value::fault();
  return Value::boolean(found);
}

Value inside(Context& context, Args v) {
  Value swapped[2] = {v[1], v[0]};
  return contains(context, swapped);
}

Value getpath(Context& context, Args v) { return get_path(context, v[0], v[1]); }
Value setpath(Context& context, Args v) { return set_path(context, std::move(v[0]), v[1], std::move(v[2])); }
Value delpaths(Context& context, Args v) { return delete_paths(context, std::move(v[0]), v[1]); }

constexpr Native table[] = {
    {"length", 0, length},     {"keys", 0, keys},         {"keys_unsorted", 0, keys_unsorted},
    {"has", 1, has},           {"type", 0, type},         {"not", 0, invert},
    {"error", 0, error0},      {"error", 1, error1},      {"tojson", 0, tojson},
    {"tostring", 0, tostring}, {"fromjson", 0, fromjson}, {"add", 0, add_all},
    {"contains", 1, contains}, {"inside", 1, inside},     {"getpath", 1, getpath},
    {"setpath", 2, setpath},   {"delpaths", 1, delpaths},
};

}  // namespace

Value to_json(Context& context, const Value& v) {
  std::string out;
  const std::size_t most =
      context.heap.live() < context.max_value ? context.max_value - context.heap.live() : 0;
  if (!v.append_compact(out, most)) return context.too_large();
  return context.grown(Value::string(context.heap, std::move(out)));
}

Value to_text(Context& context, const Value& v) {
  if (v.is_string()) return v;
  switch (v.tag()) {
    case Value::Tag::null:
      return Value::view("null");
    case Value::Tag::true_:
      return Value::view("true");
    case Value::Tag::false_:
      return Value::view("false");
    case Value::Tag::node:
      if (v.kind() != Kind::array && v.kind() != Kind::object) return Value::view(v.as_node().raw());
      break;
    default:
      break;
  }
  return to_json(context, v);
}

std::span<const Native> general_natives() { return table; }

}  // namespace sz::expr
