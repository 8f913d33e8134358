#include "expr/errors.h"

#include <fmt/format.h>

namespace sz::expr {

std::string_view kind_name(const Value& v) {
  switch (v.kind()) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return "boolean";
    case json::Kind::number:
      return "number";
    case json::Kind::string:
      return "string";
    case json::Kind::array:
      return "array";
    case json::Kind::object:
      return "object";
  }
  return "";
}

std::string preview(const Value& v) {
  constexpr std::size_t most = 29;
  std::string out;
  v.append_compact(out, 4096);
  if (out.size() <= most) return out;
  // As jq 1.8 does it: the last quote or bracket stays.
  const std::string_view closing = v.is_string() ? "\"" : v.is_array() ? "]" : v.is_object() ? "}" : "";
  std::size_t cut = most - 3 - closing.size();
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
  out.resize(cut);
  return out.append("...").append(closing);
}

Value type_error(Context& context, const Value& v, std::string_view what) {
  return context.fail(fmt::format("{} ({}) {}", kind_name(v), preview(v), what));
}

Value type_error(Context& context, const Value& a, const Value& b, std::string_view what) {
  return context.fail(
      fmt::format("{} ({}) and {} ({}) {}", kind_name(a), preview(a), kind_name(b), preview(b), what));
}

}  // namespace sz::expr
