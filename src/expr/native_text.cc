#include <algorithm>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "json/number.h"

// Builtins on strings.

namespace sz::expr {

namespace {

using json::Kind;
using Args = std::span<Value>;

// A part of `whole`, which `v` spells: borrowed where that text outlives the result.
Value part(Context& context, const Value& v, std::string_view piece) {
  if (v.tag() == Value::Tag::view || (v.is_node() && !v.as_node().string_escaped()))
    return Value::view(piece);
  return Value::string(context.heap, std::string(piece));
}

Value utf8bytelength(Context& context, Args v) {
  if (!v[0].is_string()) return type_error(context, v[0], "only strings have UTF-8 byte length");
  std::string s;
  return Value::integer(static_cast<std::int64_t>(v[0].text(s).size()));
}

Value startswith(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string()) return context.fail("startswith() requires string inputs");
  std::string s, t;
  return Value::boolean(v[0].text(s).starts_with(v[1].text(t)));
}

Value endswith(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string()) return context.fail("endswith() requires string inputs");
  std::string s, t;
  return Value::boolean(v[0].text(s).ends_with(v[1].text(t)));
}

Value ltrimstr(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string()) return context.fail("startswith() requires string inputs");
  std::string s, t;
  const std::string_view text = v[0].text(s), prefix = v[1].text(t);
  return text.starts_with(prefix) ? part(context, v[0], text.substr(prefix.size())) : v[0];
}

Value rtrimstr(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string()) return context.fail("endswith() requires string inputs");
  std::string s, t;
  const std::string_view text = v[0].text(s), suffix = v[1].text(t);
  return text.ends_with(suffix) ? part(context, v[0], text.substr(0, text.size() - suffix.size())) : v[0];
}

template <bool left, bool right>
Value trim_space(Context& context, Args v) {
  if (!v[0].is_string()) return context.fail("trim input must be a string");
  std::string s;
  std::string_view text = v[0].text(s);
  constexpr std::string_view space = " \t\n\r\f\v";
  if (left) text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(space) + 1);
  return part(context, v[0], text);
}

Value change_case(Context& context, Args v, char from, char to, int by, std::string_view message) {
  if (!v[0].is_string()) return context.fail(std::string(message));
  std::string s;
  std::string out(v[0].text(s));
  for (char& c : out)
    if (c >= from && c <= to) c = static_cast<char>(c + by);
  return context.grown(Value::string(context.heap, std::move(out)));
}

Value ascii_downcase(Context& context, Args v) {
  return change_case(context, v, 'A', 'Z', 'a' - 'A', "ascii_downcase input must be a string");
}
Value ascii_upcase(Context& context, Args v) {
  return change_case(context, v, 'a', 'z', 'A' - 'a', "ascii_upcase input must be a string");
}

Value split1(Context& context, Args v) {
  if (!v[0].is_string() || !v[1].is_string())
    return context.fail("split input and separator must be strings");
  return split(context, v[0], v[1]);
}

Value join(Context& context, Args v) {
  const Value items = iterable(context, v[0]);
  if (items.is_fault()) return items;
  const Value list = built_array(context.heap, items);
  const auto& parts = list.array_block().items;
  if (parts.empty()) return Value::view("");
  Value out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!context.spend(1)) return Value::fault();
    out = i == 0 ? Value::string(context.heap, std::string()) : add(context, std::move(out), v[1]);
    if (out.is_fault()) return out;
    const Kind kind = parts[i].kind();
    Value text = kind == Kind::null                              ? Value::view("")
                 : kind == Kind::number || kind == Kind::boolean ? to_text(context, parts[i])
                                                                 : parts[i];
    if (text.is_fault()) return text;
    out = add(context, std::move(out), std::move(text));
    if (out.is_fault()) return out;
  }
  return out;
}

/// In JSON's form what jq's tonumber reads besides it: `+1`, `.5`, `5.`, `007`.
std::string json_form(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string form;
  if (text.starts_with('-')) form += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0' && digit(text[1])) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '.' && digit(text[1])) form += '0';
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '.' || i == 0 || (i + 1 < text.size() && digit(text[i + 1])) || !digit(text[i - 1]))
      form += text[i];
  return form;
}

Value tonumber(Context& context, Args v) {
  if (v[0].is_number()) return v[0];
  if (v[0].is_string()) {
    std::string s;
    std::string_view text = v[0].text(s);
    std::string form;
    if (!json::parse_number(text)) text = form = json_form(text);
    if (const auto n = json::parse_number(text)) {
      if (n->integer) return Value::integer(n->i);
      if (text.find_first_of("eE") != std::string_view::npos) return Value::real(n->d);
      return Value::number(context.heap, text);
    }
  }
  return type_error(context, v[0], "cannot be parsed as a number");
}

Value explode(Context& context, Args v) {
  if (!v[0].is_string()) return context.fail("explode input must be a string");
  std::string s;
  const std::string_view text = v[0].text(s);
  if (!context.heap.fits(text.size() * sizeof(Value)) || !context.spend(text.size()))
    return context.too_large();
  Value out = Value::array(context.heap);
  for (std::size_t i = 0; i < text.size();) {
    const auto b = static_cast<unsigned char>(text[i]);
    const std::size_t n = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    std::int64_t c = n == 1 ? b : b & (0xFF >> (n + 1));
    for (std::size_t k = 1; k < n && i + k < text.size(); ++k)
      c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    out.array_block().push(Value::integer(c));
    i += n;
  }
  return out;
}

constexpr Native table[] = {
    {"utf8bytelength", 0, utf8bytelength},
    {"startswith", 1, startswith},
    {"endswith", 1, endswith},
    {"ltrimstr", 1, ltrimstr},
    {"rtrimstr", 1, rtrimstr},
    {"trim", 0, trim_space<true, true>},
    {"ltrim", 0, trim_space<true, false>},
    {"rtrim", 0, trim_space<false, true>},
    {"ascii_downcase", 0, ascii_downcase},
    {"ascii_upcase", 0, ascii_upcase},
    {"split", 1, split1},
    {"join", 1, join},
    {"tonumber", 0, tonumber},
    {"explode", 0, explode},
};

}  // namespace

std::span<const Native> text_natives() { return table; }

}  // namespace sz::expr
