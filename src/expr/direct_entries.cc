#include <utility>

#include "expr/direct.h"
#include "expr/entries.h"

// with_entries(f) without its list: one entry is made, f changes it, the next member takes its place.

namespace sz::expr::direct {

namespace {

// Is it an entry as it was made, which nobody else has?
bool reusable(const Value& v) {
  if (v.tag() != Value::Tag::object || !v.unique()) return false;
  const auto& members = v.object_block().members;
  return members.size() == 2 && ObjectBlock::name(members[0]) == "key" &&
         ObjectBlock::name(members[1]) == "value";
}

}  // namespace

Value entries(Context& context, const Node& n, const Value& input) {
  Value out = Value::object(context.heap, input.is_array() ? 0 : count(input));
  Value entry, error;
  bool wrong = false;
  const auto one = [&](Value key, Value value) {
    if (!context.spend(3)) return false;
    if (reusable(entry)) {
      ObjectBlock& block = entry.object_block();
      block.depth = 1;
      block.deepen(value);
      block.members[0].value = std::move(key);
      block.members[1].value = std::move(value);
    } else {
      entry = make_entry(context.heap, std::move(key), std::move(value));
    }
    entry = evaluate_owned(context, *n.kids[0], std::move(entry));
    if (entry.is_fault()) return false;
    // from_entries would come when f is done with all: so does its error.
    if (entry.is_none() || wrong || add_entry(context, out.object_block(), entry)) return true;
    if (context.fatal) return false;
    error = std::exchange(context.error, Value());
    return wrong = true;
  };
  if (!each_entry(context, input, one)) return Value::fault();
  return wrong ? context.fail(std::move(error)) : context.grown(std::move(out));
}

}  // namespace sz::expr::direct
