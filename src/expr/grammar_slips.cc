#include <algorithm>
#include <array>

#include "expr/grammar.h"

namespace sz::expr {

// What the grammar takes and nobody means.

bool Grammar::defines(std::string_view name) const {
  for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
    if (tokens_[i].is_name("def") && tokens_[i + 1].is_name(name)) return true;
  return false;
}

// .level == error: the quotes went to the shell.
bool Grammar::is_slip(const Infix& o, const Expr& left, const Expr& right) {
  if (o.strength != Infix::comparison || right.type != Type::call || !right.kids.empty() ||
      (right.text != "error" && right.text != "debug") || defines(right.text))
    return false;
  constexpr std::size_t longest = 40;
  const Token place{Token::Type::name, right.offset, right.length, right.text};
  fail(place, fmt::format("{} is a function here, no text", right.text),
       fmt::format("quote the whole expression: '{} {} \"{}\"'",
                   left.length <= longest ? quote(source_.substr(left.offset, left.length)) : "...", o.symbol,
                   right.text));
  return true;
}

// startswith(.a, "x"): the input would have to be text that has fields.
bool Grammar::is_slip(const Expr& call) {
  constexpr std::array<std::string_view, 8> of_text = {"startswith", "endswith", "ltrimstr", "rtrimstr",
                                                       "test",       "split",    "splits",   "scan"};
  if (call.kids.size() != 1 || call.kids[0]->type != Type::comma) return false;
  const Expr& first = *call.kids[0]->kids[0];
  if (first.type != Type::field || first.kids[0] != nullptr || first.optional ||
      std::ranges::find(of_text, call.text) == of_text.end() || defines(call.text))
    return false;
  const Token place{Token::Type::name, call.offset, call.length, call.text};
  fail(
      place,
      fmt::format("\"{}\" works on its input, which cannot have the field .{}", call.text, quote(first.text)),
      fmt::format("write .{} | {}(...)", quote(first.text), call.text));
  return true;
}

}  // namespace sz::expr
