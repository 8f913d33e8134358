#include "expr/regex_literal.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sz::expr {

std::expected<Regex, RegexError> RegexLiteral::compile() const {
  return Regex::compile(pattern->text, flags != nullptr && whole ? flags->text : "");
}

std::optional<RegexLiteral> regex_literal(const Expr& call) {
  using E = Expr::Type;
  constexpr std::array<std::string_view, 8> takers = {"test",  "match",  "capture", "scan",
                                                      "split", "splits", "sub",     "gsub"};
  const std::size_t arity = call.kids.size();
  if (arity == 0 || std::ranges::find(takers, call.text) == takers.end()) return std::nullopt;
  if (call.text == "split" && arity == 1) return std::nullopt;  // takes a plain string
  const std::size_t flags_at = call.text.ends_with("sub") ? 2 : 1;
  RegexLiteral out{call.kids[0].get(), arity > flags_at ? call.kids[flags_at].get() : nullptr, true};
  if (out.pattern->type == E::array && out.pattern->kids.size() == 1) {
    out.pattern = out.pattern->kids[0].get();
    if (out.pattern->type == E::comma) {
      out.flags = out.pattern->kids[1].get();
      out.pattern = out.pattern->kids[0].get();
    }
  }
  if (out.pattern->type != E::string) return std::nullopt;
  if (out.flags != nullptr && out.flags->type == E::literal_null) out.flags = nullptr;
  out.whole = out.flags == nullptr || out.flags->type == E::string;
  return out;
}

}  // namespace sz::expr
