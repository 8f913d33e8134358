#include <string>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "json/utf8.h"

// Builtins that find places in strings and arrays, and code points.

namespace sz::expr {

namespace {

using json::Kind;
using Args = std::span<Value>;

// Code point positions of `part` in `text`, overlapping ones too.
Value places(Context& context, const Value& text, const Value& part, bool first, bool last) {
  std::string s, p;
  const std::string_view hay = text.text(s), needle = part.text(p);
  Value out = first || last ? Value() : Value::array(context.heap);
  if (needle.empty()) return out;
  std::size_t at = 0, counted = 0;
  std::int64_t position = 0;
  if (!context.spend(hay.size() / 64)) return Value::fault();
  while ((at = hay.find(needle, at)) != std::string_view::npos) {
    position += static_cast<std::int64_t>(count_code_points(hay.substr(counted, at - counted)));
    counted = at;
    ++at;
    if (first) return Value::integer(position);
    if (last) {
      out = Value::integer(position);
      continue;
    }
    if (!context.spend(1)) return Value::fault();
    out.array_block().push(Value::integer(position));
    if (context.heap.over()) return context.too_large();
  }
  return out;
}

Value find(Context& context, Args v, bool first, bool last) {
  if (v[0].is_null()) return Value();
  if (v[0].is_string() && v[1].is_string()) return places(context, v[0], v[1], first, last);
  Value key = std::move(v[1]);
  if (v[0].is_array() && !key.is_array()) {
    Value list = Value::array(context.heap, 1);
    list.array_block().push(std::move(key));
    key = std::move(list);
  }
  Value all = index(context, v[0], key);
  if (!first && !last) return all;
  if (!all.is_array()) return all;
  const auto& items = all.array_block().items;
  return items.empty() ? Value() : first ? items.front() : items.back();
}

Value indices(Context& context, Args v) { return find(context, v, false, false); }
Value first_index(Context& context, Args v) { return find(context, v, true, false); }
Value last_index(Context& context, Args v) { return find(context, v, false, true); }

Value bsearch(Context& context, Args v) {
  if (!v[0].is_array()) return type_error(context, v[0], "cannot be searched from");
  const Value list = built_array(context.heap, v[0]);
  const auto& items = list.array_block().items;
  std::size_t from = 0, to = items.size();
  while (from < to) {
    const std::size_t middle = from + (to - from) / 2;
    const int order = compare(items[middle], v[1]);
    if (order == 0) return Value::integer(static_cast<std::int64_t>(middle));
    if (order < 0) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return Value::integer(-1 - static_cast<std::int64_t>(from));
}

Value implode(Context& context, Args v) {
  if (!v[0].is_array()) return context.fail("implode input must be an array");
  const Value list = built_array(context.heap, v[0]);
  std::string out;
  for (const Value& item : list.array_block().items) {
    if (!context.spend(1)) return Value::fault();
    if (!item.is_number())
      return type_error(context, item, "can't be imploded, unicode codepoint needs to be numeric");
    const double d = item.number().d;
    json::append_utf8(out, d >= 0 && d <= 0x10FFFF ? static_cast<std::uint32_t>(d) : 0xFFFD);
  }
  return context.grown(Value::string(context.heap, std::move(out)));
}

Value trimstr(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string()) return context.fail("startswith() requires string inputs");
  std::string s, t;
  std::string_view text = v[0].text(s);
  const std::string_view edge = v[1].text(t);
  const std::size_t size = text.size();
  if (text.starts_with(edge)) text.remove_prefix(edge.size());
  if (text.ends_with(edge)) text.remove_suffix(edge.size());
  if (text.size() == size) return std::move(v[0]);
  return context.grown(Value::string(context.heap, std::string(text)));
}

constexpr Native table[] = {
    {"indices", 1, indices}, {"index", 1, first_index}, {"rindex", 1, last_index},
    {"bsearch", 1, bsearch}, {"implode", 0, implode},   {"trimstr", 1, trimstr},
};

}  // namespace

std::span<const Native> position_natives() { return table; }

}  // namespace sz::expr
