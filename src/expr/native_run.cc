#include <string>

#include <fmt/format.h>

#include "core/quote.h"
#include "expr/blocks.h"
#include "expr/environment.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "expr/suggest.h"

// Builtins that tell of the run or talk to its user, and what the implementation can do.

namespace sz::expr {

namespace {

using Args = std::span<Value>;

Value input_line_number(Context& context, Args) {
  if (context.line == nullptr) return Value();
  return Value::integer(static_cast<std::int64_t>(context.line->number));
}

Value input_filename(Context& context, Args) {
  if (context.line == nullptr || context.line->source >= context.inputs.size()) return Value();
  const std::string& name = context.inputs[context.line->source];
  return name == "-" ? Value() : Value::view(name);
}

// One line in one piece: what comes of several threads does not mix. Foreign text is escaped.
void say(const Context& context, std::string_view text) {
  if (context.say) context.say(quote(text, static_cast<std::size_t>(-1)) + '\n');
}

bool append(Context& context, const Value& v, std::string& out) {
  if (v.append_compact(out, context.max_value)) return true;
  context.too_large();
  return false;
}

Value debug(Context& context, Args v) {
  std::string text = R"(["DEBUG:",)";
  if (!append(context, v[0], text)) return Value::fault();
  say(context, text + ']');
  return std::move(v[0]);
}

Value to_stderr(Context& context, Args v) {
  std::string text;
  if (!append(context, v[0], text)) return Value::fault();
  say(context, text);
  return std::move(v[0]);
}

Value yes(Context&, Args) { return Value::boolean(true); }
Value no(Context&, Args) { return Value::boolean(false); }

Value builtins(Context& context, Args) {
  Value out = Value::array(context.heap);
  for (const std::string& name : builtin_signatures())
    out.array_block().push(Value::string(context.heap, name));
  return context.grown(std::move(out));
}

Value toarray(Context& context, Args v) {
  if (v[0].is_array()) return std::move(v[0]);
  Value out = Value::array(context.heap, 1);
  out.array_block().push(std::move(v[0]));
  return context.grown(std::move(out));
}

Value toboolean(Context& context, Args v) {
  if (v[0].kind() == json::Kind::boolean) return std::move(v[0]);
  std::string scratch;
  if (v[0].is_string()) {
    const std::string_view text = v[0].text(scratch);
    if (text == "true" || text == "false") return Value::boolean(text == "true");
  }
  return type_error(context, v[0], "cannot be parsed as a boolean");
}

constexpr Native table[] = {
    {"input_line_number", 0, input_line_number},
    {"input_filename", 0, input_filename},
    {"debug", 0, debug},
    {"stderr", 0, to_stderr},
    {"have_literal_numbers", 0, yes},
    {"have_decnum", 0, no},
    {"builtins", 0, builtins},
    {"toarray", 0, toarray},
    {"toboolean", 0, toboolean},
};

}  // namespace

std::span<const Native> run_natives() { return table; }

}  // namespace sz::expr
