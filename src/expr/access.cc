#include "expr/access.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"
#include "json/distinct.h"

namespace sz::expr {

namespace {

using json::Kind;

Value cannot_index(Context& context, const Value& t, const Value& k) {
  return context.fail(fmt::format("Cannot index {} with {} ({})", kind_name(t), kind_name(k), preview(k)));
}

// An array index as jq takes it: the fraction cut off, counted from the end if negative. -1 if there is no
// such element.
std::int64_t position(const Value& k, std::int64_t length) {
  const json::Number n = k.number();
  if (std::isnan(n.d)) return -1;
  const double d = std::trunc(n.d);
  if (d >= static_cast<double>(length) || d < -static_cast<double>(length)) return -1;
  const auto i = static_cast<std::int64_t>(d);
  return i < 0 ? i + length : i;
}

Value element(Context&, const Value& t, const Value& k) {
  if (!t.is_node()) {
    const auto& items = t.array_block().items;
    const std::int64_t i = position(k, static_cast<std::int64_t>(items.size()));
    return i < 0 ? Value() : items[static_cast<std::size_t>(i)];
  }
  const json::Node node = t.as_node();
  const json::Number n = k.number();
  if (!(n.d >= 0)) {
    const std::int64_t i = position(k, static_cast<std::int64_t>(node.size()));
    if (i < 0) return Value();
    const auto found = node.element(static_cast<std::size_t>(i));
    return found ? Value::of(*found) : Value();
  }
  if (n.d >= 4294967296.0) return Value();
  const auto found = node.element(static_cast<std::size_t>(n.d));
  return found ? Value::of(*found) : Value();
}

struct Range {
  std::size_t from, to;
};

// jq's rule: ends from the back if negative, clipped, the start rounded down, the end up.
std::optional<Range> range_of(const Value& from, const Value& to, std::size_t length) {
  const auto len = static_cast<double>(length);
  double start = 0, end = len;
  if (!from.is_null()) {
    if (!from.is_number()) return std::nullopt;
    start = from.number().d;
  }
  if (!to.is_null()) {
    if (!to.is_number()) return std::nullopt;
    end = to.number().d;
  }
  if (std::isnan(start)) start = 0;
  if (std::isnan(end)) end = len;
  if (start < 0) start += len;
  if (end < 0) end += len;
  start = std::clamp(std::floor(start), 0.0, len);
  end = std::clamp(std::ceil(end), start, len);
  return Range{static_cast<std::size_t>(start), static_cast<std::size_t>(end)};
}

struct Bounds {
  Value from, to;
};

// jq wants both names there; null is an open end.
Value bound(const Value& k, const Name& name) {
  const Value missing = Value::boolean(false);
  if (k.is_node()) {
    const auto found = k.as_node().field(name.key);
    return found ? Value::of(*found) : missing;
  }
  const std::size_t i = k.object_block().find(name.key.name());
  return i == ObjectBlock::npos ? missing : k.object_block().members[i].value;
}

Bounds bounds(const Value& k) {
  static const Name start("start"), end("end");
  return {bound(k, start), bound(k, end)};
}

std::size_t byte_offset(std::string_view s, std::size_t code_points) {
  std::size_t i = 0;
  for (; code_points > 0 && i < s.size(); --code_points) {
    ++i;
    while (i < s.size() && (static_cast<unsigned char>(s[i]) & 0xC0) == 0x80) ++i;
  }
  return i;
}

}  // namespace

Value field_slow(Context& context, const Value& t, const Name& name) { return index(context, t, name.value); }

Value index(Context& context, const Value& t, const Value& k) {
  const Kind kind = t.kind(), by = k.kind();
  if (kind == Kind::object && by == Kind::string) {
    std::string s;
    const std::string_view name = k.text(s);
    if (t.is_node()) {
      const auto found = t.as_node().field(json::Key(std::string(name)));
      return found ? Value::of(*found) : Value();
    }
    const std::size_t i = t.object_block().find(name);
    return i == ObjectBlock::npos ? Value() : t.object_block().members[i].value;
  }
  if (kind == Kind::array && by == Kind::number) return element(context, t, k);
  if ((kind == Kind::array || kind == Kind::string) && by == Kind::object) {
    const Bounds b = bounds(k);
    return slice(context, t, b.from, b.to);
  }
  if (kind == Kind::array && by == Kind::array) {
    const Value hay = built_array(context.heap, t), needle = built_array(context.heap, k);
    const auto &h = hay.array_block().items, &n = needle.array_block().items;
    Value out = Value::array(context.heap);
    if (n.empty()) return out;
    for (std::size_t i = 0; i + n.size() <= h.size(); ++i) {
      if (!context.spend(1)) return Value::fault();
      if (std::equal(n.begin(), n.end(), h.begin() + static_cast<std::ptrdiff_t>(i), equal))
        out.array_block().push(Value::integer(static_cast<std::int64_t>(i)));
    }
    return context.grown(std::move(out));
  }
  if (kind == Kind::null && (by == Kind::string || by == Kind::number || by == Kind::object)) return Value();
  return cannot_index(context, t, k);
}

Value slice(Context& context, const Value& t, const Value& from, const Value& to) {
  const Kind kind = t.kind();
  if (kind == Kind::null) return Value();
  if (kind == Kind::string) {
    std::string s;
    const std::string_view text = t.text(s);
    const auto r = range_of(from, to, count_code_points(text));
    if (!r) return context.fail("Array/string slice indices must be integers");
    const std::size_t a = byte_offset(text, r->from);
    const std::string_view part = text.substr(a, byte_offset(text.substr(a), r->to - r->from));
    // Unescaped text of the record outlives the result; built text may not.
    if (t.tag() == Value::Tag::view || (t.is_node() && !t.as_node().string_escaped()))
      return Value::view(part);
    return Value::string(context.heap, part);
  }
  if (kind != Kind::array) {
    Value key = Value::object(context.heap, 2);
    key.object_block().set(Value::view("start"), from);
    key.object_block().set(Value::view("end"), to);
    return cannot_index(context, t, key);
  }
  const auto r = range_of(from, to, count(t));
  if (!r) return context.fail("Array/string slice indices must be integers");
  Value out = Value::array(context.heap, r->to - r->from);
  ArrayBlock& block = out.array_block();
  if (t.is_node()) {
    std::size_t i = 0;
    for (const json::Node e : t.as_node().elements()) {
      if (i >= r->to) break;
      if (i++ >= r->from) block.push(Value::of(e));
    }
  } else {
    for (std::size_t i = r->from; i < r->to; ++i) block.push(t.array_block().items[i]);
  }
  return context.grown(std::move(out));
}

Value iterable(Context& context, const Value& t) {
  switch (t.kind()) {
    case Kind::array:
      return t;
    case Kind::object: {
      Value out = Value::array(context.heap);
      ArrayBlock& block = out.array_block();
      if (t.is_node()) {
        for (const auto& m : json::distinct_members(t.as_node())) block.push(Value::of(m.value));
      } else {
        for (const auto& m : t.object_block().members) block.push(m.value);
      }
      return context.grown(std::move(out));
    }
    default:
      return context.fail(fmt::format("Cannot iterate over {} ({})", kind_name(t), preview(t)));
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t count(const Value& v) {
  switch (v.kind()) {
    case Kind::string: {
      std::string s;
      return count_code_points(v.text(s));
    }
    case Kind::array:
      return v.is_node() ? v.as_node().size() : v.array_block().items.size();
    case Kind::object:
      if (!v.is_node()) return v.object_block().members.size();
      return json::has_repeated_names(v.as_node()) ? json::distinct_members(v.as_node()).size()
                                                   : v.as_node().size();
    default:
      return 0;
  }
}

Value with(Context& context, Value t, const Value& k, Value v) {
  const Kind kind = t.kind(), by = k.kind();
  if (by == Kind::string && (kind == Kind::object || kind == Kind::null)) {
    Value out = kind == Kind::null ? Value::object(context.heap) : own_object(context.heap, std::move(t));
    out.object_block().set(plain_string(context.heap, k), std::move(v));
    return context.grown(std::move(out));
  }
  if (by == Kind::number && (kind == Kind::array || kind == Kind::null)) {
    Value out = kind == Kind::null ? Value::array(context.heap) : own_array(context.heap, std::move(t));
    ArrayBlock& block = out.array_block();
    double at = k.number().d;
    if (std::isnan(at)) return context.fail("Cannot set array element at NaN index");
    at = std::trunc(at);
    if (at < 0) at += static_cast<double>(block.items.size());
    if (at < 0) return context.fail("Out of bounds negative array index");
    if (at > 536870911) return context.fail("Array index too large");
    const auto i = static_cast<std::size_t>(at);
    if (i >= block.items.size()) {
      if (!context.heap.fits((i + 1) * sizeof(Value))) return context.too_large();
      block.items.resize(i + 1);
      block.account();
    }
    block.deepen(v);
    block.items[i] = std::move(v);
    return context.grown(std::move(out));
  }
  if (by == Kind::object && (kind == Kind::array || kind == Kind::null)) {
    Value out = kind == Kind::null ? Value::array(context.heap) : own_array(context.heap, std::move(t));
    ArrayBlock& block = out.array_block();
    const Bounds b = bounds(k);
    const auto r = range_of(b.from, b.to, block.items.size());
    if (!r) return context.fail("Array/string slice indices must be integers");
    if (!v.is_array()) return context.fail("A slice of an array can only be assigned another array");
    const Value part = built_array(context.heap, v);
    const auto first = block.items.begin() + static_cast<std::ptrdiff_t>(r->from);
    block.items.erase(first, first + static_cast<std::ptrdiff_t>(r->to - r->from));
    block.items.insert(block.items.begin() + static_cast<std::ptrdiff_t>(r->from),
                       part.array_block().items.begin(), part.array_block().items.end());
    block.changed();
    return context.grown(std::move(out));
  }
  if (kind == Kind::array && by == Kind::array)
    return context.fail("Cannot update field at array index of array");
  if (by == Kind::object) {
    if (kind == Kind::string) return context.fail("Cannot update string slices");
    return context.fail(fmt::format("Cannot update field at object index of {}", kind_name(t)));
  }
  return cannot_index(context, t, k);
}

Value without(Context& context, Value t, const std::vector<Value>& keys) {
  if (t.is_null() || keys.empty()) return t;
  if (t.is_object()) {
    for (const Value& k : keys)
      if (!k.is_string()) return context.fail(fmt::format("Cannot delete {} field of object", kind_name(k)));
    Value out = own_object(context.heap, std::move(t));
    ObjectBlock& block = out.object_block();
    std::string s;
    for (const Value& k : keys)
      if (const std::size_t i = block.find(k.text(s)); i != ObjectBlock::npos) block.erase(i);
    return out;
  }
  if (!t.is_array()) return context.fail(fmt::format("Cannot delete fields from {}", kind_name(t)));
  Value out = own_array(context.heap, std::move(t));
  auto& items = out.array_block().items;
  std::vector<bool> gone(items.size());
  for (const Value& k : keys) {
    if (k.is_number()) {
      const std::int64_t i = position(k, static_cast<std::int64_t>(items.size()));
      if (i >= 0) gone[static_cast<std::size_t>(i)] = true;
    } else if (k.is_object()) {
      const Bounds b = bounds(k);
      const auto r = range_of(b.from, b.to, items.size());
      if (!r) return context.fail("Array/string slice indices must be integers");
      std::fill(gone.begin() + static_cast<std::ptrdiff_t>(r->from),
                gone.begin() + static_cast<std::ptrdiff_t>(r->to), true);
    } else {
      return context.fail(fmt::format("Cannot delete {} element of array", kind_name(k)));
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (gone[i]) continue;
    if (kept != i) items[kept] = std::move(items[i]);
    ++kept;
  }
  items.resize(kept);
  return out;
}

}  // namespace sz::expr
