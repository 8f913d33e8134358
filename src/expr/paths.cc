#include <algorithm>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"

// getpath, setpath, delpaths: paths are arrays of keys.

namespace sz::expr {

namespace {

using Keys = ArrayBlock::Items;

Value set_from(Context& context, Value t, const Keys& keys, std::size_t at, Value v) {
  if (at == keys.size()) return v;
  if (at > max_built_depth) return context.too_deep();
  const Value& k = keys[at];
  if (!context.spend(1)) return Value::fault();
  Value child = index(context, t, k);
  if (child.is_fault()) return child;
  if (at + 1 < keys.size() && child.is_built() && t.is_built() && t.unique() && !k.is_object()) {
    // Let go of the child in its parent, so that it has one owner and changes in place.
    t = with(context, std::move(t), k, Value());
    if (t.is_fault()) return t;
  }
  child = set_from(context, std::move(child), keys, at + 1, std::move(v));
  if (child.is_fault()) return child;
  return with(context, std::move(t), k, std::move(child));
}

Value delete_from(Context& context, Value t, const std::vector<Value>& paths, std::size_t from,
                  std::size_t to, std::size_t at) {
  if (at > max_built_depth) return context.too_deep();
  std::vector<Value> gone;
  for (std::size_t i = from; i < to;) {
    if (!context.spend(1)) return Value::fault();
    const Keys& path = paths[i].array_block().items;
    const Value key = path[at];
    std::size_t j = i;
    while (j < to && compare(paths[j].array_block().items[at], key) == 0) ++j;
    if (path.size() == at + 1) {
      gone.push_back(key);
    } else {
      Value child = index(context, t, key);
      if (child.is_fault()) return child;
      if (!child.is_null()) {
        child = delete_from(context, std::move(child), paths, i, j, at + 1);
        if (child.is_fault()) return child;
        t = with(context, std::move(t), key, std::move(child));
        if (t.is_fault()) return t;
      }
    }
    i = j;
  }
  return without(context, std::move(t), gone);
}

}  // namespace

Value get_path(Context& context, const Value& t, const Value& path) {
  if (!path.is_array()) return context.fail("Path must be specified as an array");
  const Value keys = built_array(context.heap, path);
  Value v = t;
  for (const Value& k : keys.array_block().items) {
    if (!context.spend(1)) return Value::fault();
    if (v.is_null()) return v;
    v = index(context, v, k);
    if (v.is_fault()) return v;
  }
  return v;
}

Value set_path(Context& context, Value t, const Value& path, Value v) {
  if (!path.is_array()) return context.fail("Path must be specified as an array");
  const Value keys = built_array(context.heap, path);
  return set_from(context, std::move(t), keys.array_block().items, 0, std::move(v));
}

Value delete_paths(Context& context, Value t, const Value& paths) {
  if (!paths.is_array()) return context.fail("Paths must be specified as an array");
  const Value list = built_array(context.heap, paths);
  std::vector<Value> sorted;
  for (const Value& p : list.array_block().items) {
    if (!p.is_array())
      return context.fail(fmt::format("Path must be specified as array, not {}", kind_name(p)));
    sorted.push_back(built_array(context.heap, p));
  }
  if (!context.spend(sorted.size())) return Value::fault();
  std::sort(sorted.begin(), sorted.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  if (sorted.empty()) return t;
  if (sorted.front().array_block().items.empty()) return Value();
  return delete_from(context, std::move(t), sorted, 0, sorted.size(), 0);
}

}  // namespace sz::expr
