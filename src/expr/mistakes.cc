#include "expr/mistakes.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "expr/native.h"
#include "expr/prelude.h"
#include "expr/suggest.h"

namespace sz::expr {

namespace {

using Type = Token::Type;

bool takes_one(std::string_view name) {
  return find_native(name, 1) != nullptr || find_definition(name, 1) != nullptr || is_special(name, 1);
}

bool takes_none(std::string_view name) {
  return find_native(name, 0) != nullptr || find_definition(name, 0) != nullptr || is_special(name, 0);
}

struct Foreign {
  std::string_view name, hint;
};

// What other languages have and jq writes in another way.
constexpr std::array<Foreign, 32> foreign = {{
    {"concat", "join text or lists by +: .a + .b"},
    {"sum", "of a list: map(.a) | add; over records: aggregate sum:.a"},
    {"avg", "of a list: add / length; over records: aggregate avg:.a"},
    {"mean", "of a list: add / length; over records: aggregate avg:.a"},
    {"coalesce", "a default is //: .a // .b"},
    {"ifnull", "a default is //: .a // .b"},
    {"nvl", "a default is //: .a // .b"},
    {"ifelse", "write if ... then ... else ... end"},
    {"iif", "write if ... then ... else ... end"},
    {"iff", "write if ... then ... else ... end"},
    {"case", "write if ... then ... elif ... else ... end"},
    {"parse_json", "write .a | fromjson"},
    {"json_parse", "write .a | fromjson"},
    {"parsejson", "write .a | fromjson"},
    {"json_decode", "write .a | fromjson"},
    {"to_json", "write .a | tojson"},
    {"json_encode", "write .a | tojson"},
    {"sprintf", R"x(fill text in by \(...): "\(.a) and \(.b)")x"},
    {"printf", R"x(fill text in by \(...): "\(.a) and \(.b)")x"},
    {"fmt", R"x(fill text in by \(...): "\(.a) and \(.b)")x"},
    {"fmtnum", R"x(fill text in by \(...): "\(.a) and \(.b)")x"},
    {"uniq", "of a list: unique; over records: sz dedupe"},
    {"uuid", "jq has no identifiers to give; input_line_number tells records apart"},
    {"random", "jq has no random numbers; sz sample --rate picks records by chance"},
    {"rand", "jq has no random numbers; sz sample --rate picks records by chance"},
    {"today", R"(write now | strftime("%Y-%m-%d"))"},
    {"date_trunc", R"(write strftime("%Y-%m-%dT%H:00:00Z"))"},
    {"NULL", "write null"},
    {"undefined", "write null"},
    {"TRUE", "write true"},
    {"FALSE", "write false"},
    {"NOT", "write ... | not"},
}};

std::string method(std::string_view name, bool bare) {
  if (bare) return fmt::format("there are no methods: ... | {}", name);
  return fmt::format("there are no methods: ... | {}(...)", name);
}

// Is the innermost bracket that is open before `at` one of an object?
bool in_object(std::span<const Token> tokens, std::size_t at) {
  for (int closed = 0; at > 0; --at) {
    const Token& t = tokens[at - 1];
    if (t.is(")") || t.is("]") || t.is("}")) ++closed;
    if ((t.is("(") || t.is("[") || t.is("{")) && --closed < 0) return t.is("{");
  }
  return false;
}

}  // namespace

std::string mistake(std::span<const Token> tokens, std::size_t at) {
  const Token none;
  const Token& t = tokens[at];
  const auto before = [&](std::size_t n) -> const Token& { return at >= n ? tokens[at - n] : none; };
  const Token& after = tokens[std::min(at + 1, tokens.size() - 1)];
  if (t.is("(") && before(1).type == Type::field) return method(before(1).text, after.is(")"));
  if (t.is(")") && before(1).is("(") && before(2).type == Type::name) {
    const std::string& name = before(2).text;
    return takes_one(name) && !takes_none(name)
               ? fmt::format("an argument is missing: {}(...)", name)
               : fmt::format("without arguments there are no parentheses: {}", name);
  }
  if (t.is("*") && before(1).is("[") && after.is("]")) return "all elements are []";
  if (t.type == Type::field && (before(1).is("{") || before(1).is(",")) && in_object(tokens, at))
    return fmt::format("a key has no dot: {{{}}} is {{{}: .{}}}", t.text, t.text, t.text);
  if (before(1).is("?") && before(2).is("?")) return "a default is //: .a // 0";
  if (before(1).is("?") &&
      (t.type == Type::number || t.type == Type::string_begin || t.type == Type::variable))
    return "a choice is: if ... then ... else ... end";
  if (t.is_name("AND")) return R"(write "and")";
  if (t.is_name("OR")) return R"(write "or")";
  if (t.type == Type::name && t.text != "in" && takes_one(t.text))
    return fmt::format("it is no operator: ... | {}(...)", t.text);
  if (t.is_name("matches") || t.is_name("regexp")) return "regular expressions: ... | test(\"re\")";
  return "";
}

std::string mistaken_name(std::string_view name, std::size_t arity, std::string_view before) {
  while (before.ends_with(' ')) before.remove_suffix(1);
  if (arity == 0 && (before.ends_with("==") || before.ends_with("!=")))
    return fmt::format(R"(quote the whole expression: '... {} "{}"')", before.substr(before.size() - 2),
                       name);
  const auto found = std::ranges::find(foreign, name, &Foreign::name);
  return found == foreign.end() ? "" : std::string(found->hint);
}

}  // namespace sz::expr
