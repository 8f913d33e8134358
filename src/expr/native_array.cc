#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"
#include "expr/native.h"

// Builtins on arrays.

namespace sz::expr {

namespace {

using Args = std::span<Value>;
using Items = ArrayBlock::Items;

bool less(const Value& a, const Value& b) { return compare(a, b) < 0; }

// The order of `keys`, equal ones as they stand.
std::vector<std::uint32_t> order(const Items& keys) {
  std::vector<std::uint32_t> out(keys.size());
  std::iota(out.begin(), out.end(), 0u);
  std::sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int c = compare(keys[a], keys[b]);
    return c != 0 ? c < 0 : a < b;
  });
  return out;
}

bool lists(const Value& a, const Value& b) { return a.is_array() && b.is_array() && count(a) == count(b); }

enum class By { sort, group, unique };

Value arrange(Context& context, const Value& values, const Value& keys, By by) {
  if (!lists(values, keys))
    return &values == &keys
               ? type_error(context, values, "cannot be sorted, as it is not an array")
               : type_error(context, values, keys, "cannot be sorted, as they are not both arrays");
  const Value v = built_array(context.heap, values), k = built_array(context.heap, keys);
  const Items &items = v.array_block().items, &ks = k.array_block().items;
  if (!context.spend(items.size() * 4)) return Value::fault();
  const auto at = order(ks);
  Value out = Value::array(context.heap, by == By::sort ? items.size() : 0);
  ArrayBlock& block = out.array_block();
  for (std::size_t i = 0; i < at.size(); ++i) {
    const bool fresh = i == 0 || less(ks[at[i - 1]], ks[at[i]]);
    switch (by) {
      case By::sort:
        block.push(items[at[i]]);
        break;
      case By::unique:
        if (fresh) block.push(items[at[i]]);
        break;
      case By::group:
        if (fresh) block.push(Value::array(context.heap));
        block.items.back().array_block().push(items[at[i]]);
        block.deepen(block.items.back());
        break;
    }
  }
  return context.grown(std::move(out));
}

Value extreme(Context& context, const Value& values, const Value& keys, bool least) {
  if (!lists(values, keys)) return type_error(context, values, keys, "cannot be iterated over");
  const Value v = built_array(context.heap, values), k = built_array(context.heap, keys);
  const Items &items = v.array_block().items, &ks = k.array_block().items;
  if (!context.spend(items.size())) return Value::fault();
  if (items.empty()) return Value();
  std::size_t best = 0;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const int c = compare(ks[i], ks[best]);
    if (least ? c < 0 : c >= 0) best = i;
  }
  return items[best];
}

Value sort(Context& context, Args v) { return arrange(context, v[0], v[0], By::sort); }
Value unique(Context& context, Args v) {
  // jq: unique_by(.), which maps first.
  if (!v[0].is_array() && !v[0].is_object()) return iterable(context, v[0]);
  return arrange(context, v[0], v[0], By::unique);
}
Value min(Context& context, Args v) { return extreme(context, v[0], v[0], true); }
Value max(Context& context, Args v) { return extreme(context, v[0], v[0], false); }
Value sort_by(Context& context, Args v) { return arrange(context, v[0], v[1], By::sort); }
Value group_by(Context& context, Args v) { return arrange(context, v[0], v[1], By::group); }
Value unique_by(Context& context, Args v) { return arrange(context, v[0], v[1], By::unique); }
Value min_by(Context& context, Args v) { return extreme(context, v[0], v[1], true); }
Value max_by(Context& context, Args v) { return extreme(context, v[0], v[1], false); }

Value reverse(Context& context, Args v) {
  if (v[0].is_null()) return Value::array(context.heap);
  if (v[0].is_string()) {
    std::string s;
    const std::string_view text = v[0].text(s);
    std::string out;
    out.reserve(text.size());
    for (std::size_t end = text.size(); end > 0;) {
      std::size_t begin = end - 1;
      while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
      out += text.substr(begin, end - begin);
      end = begin;
    }
    return context.grown(Value::string(context.heap, std::move(out)));
  }
  // jq: `[.[length - 1 - range(0; length)]]`.
  if (v[0].kind() == json::Kind::boolean) return type_error(context, v[0], "has no length");
  if (v[0].is_number() && v[0].number().d == 0) return Value::array(context.heap);
  if (v[0].is_object() && count(v[0]) == 0) return Value::array(context.heap);
  if (!v[0].is_array()) {
    const double length = v[0].is_number() ? std::abs(v[0].number().d) : static_cast<double>(count(v[0]));
    return context.fail(
        fmt::format("Cannot index {} with number ({})", kind_name(v[0]), preview(Value::real(length - 1))));
  }
  Value out = own_array(context.heap, std::move(v[0]));
  if (!context.spend(out.array_block().items.size())) return Value::fault();
  std::reverse(out.array_block().items.begin(), out.array_block().items.end());
  return context.grown(std::move(out));
}

bool flatten_into(Context& context, const Value& list, double depth, ArrayBlock& out) {
  const Value built = built_array(context.heap, list);
  for (const Value& item : built.array_block().items) {
    if (!context.spend(1)) return false;
    if (item.is_array() && depth > 0) {
      if (!flatten_into(context, item, depth - 1, out)) return false;
    } else {
      out.push(item);
    }
  }
  return true;
}

Value flatten_to(Context& context, const Value& v, double depth) {
  const Value list = iterable(context, v);
  if (list.is_fault()) return list;
  Value out = Value::array(context.heap);
  if (!flatten_into(context, list, depth, out.array_block())) return Value::fault();
  return context.grown(std::move(out));
}

Value flatten0(Context& context, Args v) { return flatten_to(context, v[0], 1e9); }
Value flatten1(Context& context, Args v) {
  if (!v[1].is_number()) return type_error(context, v[1], "flatten depth must be a number");
  if (v[1].number().d < 0) return context.fail("flatten depth must not be negative");
  return flatten_to(context, v[0], v[1].number().d);
}

constexpr Native table[] = {
    {"sort", 0, sort},
    {"unique", 0, unique},
    {"min", 0, min},
    {"max", 0, max},
    {"_sort_by", 1, sort_by},
    {"_group_by", 1, group_by},
    {"_unique_by", 1, unique_by},
    {"_min_by", 1, min_by},
    {"_max_by", 1, max_by},
    {"reverse", 0, reverse},
    {"flatten", 0, flatten0},
    {"flatten", 1, flatten1},
};

}  // namespace

std::span<const Native> array_natives() { return table; }

}  // namespace sz::expr
