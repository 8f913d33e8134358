#include "expr/context.h"

#include <fmt/format.h>

#include "expr/blocks.h"

namespace sz::expr {

void Context::out_of_steps() {
  fatal = true;
  error = Value::string(heap, fmt::format("takes more than {} steps (--max-steps)", max_steps));
}

Value Context::too_large() {
  fatal = true;
  return fail(fmt::format("builds values of more than {} bytes (--max-value)", max_value));
}

Value Context::too_deep() { return fail(fmt::format("value nested over {} levels deep", max_built_depth)); }

Value Context::grown(Value v) {
  if (v.is_built()) {
    if (heap.over()) return too_large();
    if (v.block().depth > max_built_depth) return too_deep();
  }
  return v;
}

std::string Context::message() const {
  if (error.is_string()) {
    std::string s;
    return std::string(error.text(s));
  }
  std::string out;
  if (error.is_null()) return "null (null) not a string";
  out = "(not a string): ";
  if (!error.append_compact(out, 1 << 20)) out.resize(1 << 20);
  return out;
}

}  // namespace sz::expr
