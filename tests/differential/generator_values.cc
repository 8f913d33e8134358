#include <fmt/format.h>

#include "differential/generator.h"

// Scalars and containers.

namespace sz::differential {

std::string Generator::number(int depth) {
  if (depth <= 0) return one({"0", "1", "2", "-1", "3.5", "10", "100", "0.25", "1e3", "-2.5"});
  switch (pick(14)) {
    case 0:
    case 1:
      return fmt::format("({} {} {})", number(depth - 1), one({"+", "-", "*"}), number(depth - 1));
    case 2:
      return fmt::format("({} {} {})", number(depth - 1), one({"/", "%"}),
                         one({"1", "2", "-3", "4", "0.5", "7.9"}));
    case 3:
      return fmt::format("({} | length)", any(depth - 1));
    case 4:
      return fmt::format("-({})", number(depth - 1));
    case 5:
      return fmt::format(
          "({} | {})", number(depth - 1),
          one({"floor", "ceil",      "round", "fabs",        "sqrt",  "trunc", "exp2",  "log2",
               "cbrt",  "sin",       "atan",  "significand", "logb",  "exp10", "expm1", "log1p",
               "tanh",  "nearbyint", "frexp", "modf",        "gamma", "rint"}));
    case 6:
      return fmt::format("{}({}; {})",
                         one({"pow", "fmin", "fmax", "fmod", "atan2", "ldexp", "copysign", "drem"}),
                         number(0), number(0));
    case 7:
      return fmt::format("({} | tonumber)",
                         one({"\"12\"", "\"-1.5\"", "\"1e2\"", "\"x\"", "\"0.10\"", "3", "\"\""}));
    case 8:
      return fmt::format("({} | add)", list(depth - 1));
    case 9:
      return fmt::format("({} | utf8bytelength)", text(depth - 1));
    case 10:
      return fmt::format("({} | {}({}))", text(depth - 1), one({"index", "rindex"}),
                         one({"\"a\"", "\"b\"", "\",\""}));
    case 11:
      return fmt::format("({} | {})", one({"0", "1425599621", "-1", "951782400", "1e9"}),
                         one({"gmtime", "todate", "gmtime | mktime", "todate | fromdate",
                              "strftime(\"%Y-%j %H:%M:%S %a %b %d %Z %u %w %V %G %U\")", "gmtime | todate"}));
    case 12:
      return fmt::format("({} | {})", list(depth - 1),
                         one({"min", "max", "length", ".[0]", ".[-1]", "first", "last"}));
    default:
      return path(depth - 1);
  }
}

std::string Generator::text(int depth) {
  if (depth <= 0) return fmt::format("\"{}\"", word());
  switch (pick(18)) {
    case 0:
      return fmt::format("({} + {})", text(depth - 1), text(depth - 1));
    case 1:
      return fmt::format("\"<\\({}){}\\({})\"", any(depth - 1), word(), any(0));
    case 2:
      return fmt::format("({} | {})", any(depth - 1), one({"tostring", "tojson", "type"}));
    case 3:
    case 4:
      return fmt::format(
          "({} | {})", text(depth - 1),
          one({"ascii_upcase", "ascii_downcase", "ltrimstr(\"a\")", "rtrimstr(\"c\")", ".[1:]", ".[:-1]",
               ".[-2:]", ".[0:1]", "explode | implode", "@base64", "@base64 | @base64d", "@uri", "@html",
               "@sh", "@json", "@text", "ascii_downcase | ascii_upcase"}));
    case 5:
      return fmt::format("({} | join({}))", list(depth - 1), one({"\"-\"", "\"\"", "\", \""}));
    case 6:
      return fmt::format("({} * {})", text(depth - 1), one({"1", "2", "3", "-1"}));
    case 7:
      return fmt::format("({} | {}({}; {}))", text(depth - 1), one({"sub", "gsub"}),
                         one({"\"a\"", "\"[a-z]+\"", "\"[0-9]\"", "\"b|c\"", "\"(a)(b)?\"", "\"^.\"",
                              "\".$\"", "\"é\"", "\"\\\\.\"", "\"[^a]+\"", "\"-\""}),
                         one({"\"-\"", "\"\"", "\"<>\"", "\"x\" + \"y\""}));
    case 8:
      return fmt::format("({} | {}(\"(?<n>[a-z0-9])\"; \"<\\(.n)>\"))", text(depth - 1),
                         one({"sub", "gsub"}));
    case 9:
      return fmt::format("({} | {})", list(depth - 1),
                         one({"@csv", "@tsv", "@sh", "@json", "@html", "@text"}));
    case 10:
      return fmt::format("@{} \"v=\\({})!\"", one({"json", "text", "uri", "html", "base64", "csv", "sh"}),
                         any(depth - 1));
    case 11:
      return fmt::format("({} | strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime | todate)", text(0));
    case 12:
      return fmt::format("({} | implode)", one({"[65, 66]", "[233]", "[128512, 10]", "[]"}));
    case 13:
      return fmt::format("({} | {})", text(depth - 1),
                         one({"fromjson?", "tojson | fromjson", "test(\"a\") | tostring"}));
    default:
      return fmt::format("({} | tostring)", path(depth - 1));
  }
}

std::string Generator::regex() {
  // None that matches nothing at all: jq 1.6 does not come back from those.
  return one({"\"a\"", "\"[a-z]+\"", "\"[0-9]\"", "\"b|c\"", "\"A\"; \"i\"", "\"(a)(b)?\"",
              "\"(?<x>[a-z])(?<y>[0-9])?\"", "\"^.\"", "\".$\"", "\"é\"", "\"\\\\.\"", "\"[^a]+\"",
              "\"(?:b|c)+\"", "\"-\"", "[\"[A-Z]\", \"i\"]"});
}

std::string Generator::truth(int depth) {
  if (depth <= 0)
    return one({"true", "false", ".a", "not", ". == null", "type == \"object\"", ".b > 1", "has(\"a\")?",
                "any?", "all?"});
  switch (pick(13)) {
    case 0:
    case 1:
      return fmt::format("({} {} {})", any(depth - 1), one({"==", "!=", "<", "<=", ">", ">="}),
                         any(depth - 1));
    case 2:
      return fmt::format("({} {} {})", truth(depth - 1), one({"and", "or"}), truth(depth - 1));
    case 3:
      return fmt::format("({} | not)", truth(depth - 1));
    case 4:
      return fmt::format("({} | test({}))", text(depth - 1), regex());
    case 5:
      return fmt::format("({} | {}({}))", text(depth - 1), one({"startswith", "endswith", "contains"}),
                         text(0));
    case 6:
      return fmt::format("({} | has({}))", any(depth - 1), one({"\"a\"", "\"b\"", "0", "1", "-1"}));
    case 7:
      return fmt::format("({} | contains({}))", any(depth - 1), any(depth - 1));
    case 8:
      return fmt::format("({} | {})", list(depth - 1),
                         one({"any", "all", "any(. == 1)", "all(type == \"number\")"}));
    case 9:
      return fmt::format("{}({}; {})", one({"any", "all"}), stream(depth - 1), truth(0));
    case 10:
      return fmt::format("({} | inside({}))", any(depth - 1), any(depth - 1));
    case 11:
      return fmt::format("({} | isnan, isinfinite, isnormal)", number(depth - 1));
    default:
      return fmt::format("({} | {})", any(depth - 1),
                         one({"type == \"number\"", "type == \"string\"", ". == null"}));
  }
}

std::string Generator::list(int depth) {
  if (depth <= 0)
    return one({"[]", "[1, 2]", "[3, 1, 2]", "[\"b\", \"a\"]", "[.[]?]", "[null, 1]", "[[1], [0]]"});
  switch (pick(22)) {
    case 0:
    case 1:
      return fmt::format("[{}]", stream(depth - 1));
    case 2:
      return fmt::format("[{}, {}]", any(depth - 1), any(depth - 1));
    case 3:
    case 4:
      return fmt::format("({} | {})", list(depth - 1),
                         one({"sort",
                              "unique",
                              "reverse",
                              "flatten",
                              "flatten(1)",
                              "map(.)",
                              "sort_by(.a?)",
                              "group_by(type)",
                              "unique_by(type)",
                              "unique_by(length?)",
                              "map(length?)",
                              "to_entries",
                              ".[1:]",
                              ".[:-1]",
                              "transpose?",
                              "add",
                              "del(.[0])",
                              "del(.[-1], .[0])",
                              "map(tojson)",
                              "sort_by(tojson)",
                              "min_by(tojson)",
                              "max_by(tojson)",
                              "map(select(. != null))",
                              "[combinations?]",
                              "keys",
                              "first?",
                              "map(type)",
                              "group_by(. == 1)",
                              "[.[] | numbers]",
                              "indices(1)",
                              "sort_by(type, tojson)",
                              "[limit(2; .[])]",
                              "[until(length < 2; .[1:])]",
                              ". - [1, 2]",
                              "map(., 1)",
                              "[paths]",
                              "bsearch(1)",
                              "index(1)",
                              "[range(length)]"}));
    case 5:
      return fmt::format("({} + {})", list(depth - 1), list(depth - 1));
    case 6:
      return fmt::format("({} - {})", list(depth - 1), list(depth - 1));
    case 7:
      return fmt::format("({} | map({}))", list(depth - 1), any(depth - 1));
    case 8:
      return fmt::format(
          "({} | {})", text(depth - 1),
          one({"explode", "split(\",\")", "split(\"\")", "split(\"a\")", "[match(\"a\").offset]",
               "[match(\"[a-z]\"; \"g\").string]", "split(\"[ab]\"; null)", "[splits(\",\")]",
               "indices(\"a\")", "[capture(\"(?<x>[a-z])\")]",
               "[match(\"(a)(?<n>b)?\"; \"g\") | .captures | map(.name)]", "[scan(\"[a-c]\")]",
               ". / \",\""}));
    case 9:
      return fmt::format("({} | {})", object(depth - 1),
                         one({"keys", "to_entries", "[.[]]", "[paths]", "map(.)", "[leaf_paths]"}));
    case 10:
      return fmt::format("[paths({})]", one({"type == \"number\"", ". == 1", "true"}));
    case 11:
      return fmt::format("[{} | tostream]", any(depth - 1));
    case 12:
      return fmt::format("[fromstream({} | tostream)]", any(depth - 1));
    case 13:
      return fmt::format("[1 | truncate_stream({} | tostream)]", any(depth - 1));
    case 14:
      return fmt::format("[{} | getpath([{}])?]", any(depth - 1),
                         one({"\"a\"", "\"a\", \"b\"", "0", "\"a\", 0", ""}));
    case 15:
      return fmt::format("({} | {}_by({}))", list(depth - 1), one({"sort", "group", "unique", "min", "max"}),
                         any(0));
    case 16:
      return fmt::format("[{} | ascii_downcase?, length?]", stream(depth - 1));
    case 17:
      return fmt::format("[limit({}; {} | repeat({}))]", one({"1", "3"}), number(0),
                         one({". + 1", ".", ". * 2"}));
    case 18:
      return fmt::format("[{} | splits({})]", text(depth - 1), one({"\",\"", "\"[ab]\"", "\" +\""}));
    case 19:
      return fmt::format("[nth({}; {})]", one({"0", "1"}), stream(depth - 1));
    case 20:
      return fmt::format("[{} | type]", stream(depth - 1));
    default:
      return fmt::format("[{}[]?]", path(depth - 1));
  }
}

std::string Generator::object(int depth) {
  if (depth <= 0) return one({"{}", "{a: 1}", "{a: 1, b: 2}", "{a: {b: 3}}", "{a: .}", "{a: .a, b: .b}"});
  switch (pick(10)) {
    case 0:
      return fmt::format("{{a: ({}), b: {}}}", any(depth - 1), any(0));
    case 1:
      return fmt::format("({} {} {})", object(depth - 1), one({"+", "*"}), object(depth - 1));
    case 2:
      return fmt::format("{{({}): ({})}}", text(depth - 1), any(0));
    case 3:
      return fmt::format("({} | with_entries({}))", object(depth - 1),
                         one({".", ".value |= tostring", ".key |= \"k\" + .", "select(.value != null)",
                              "{key: .key, value: 1}"}));
    case 4:
      return fmt::format("({} | map_values({}))", object(depth - 1), one({".", "type", "[.]", ". == 1"}));
    case 5:
      return fmt::format("({} | to_entries | from_entries)", object(depth - 1));
    case 6:
      return fmt::format("({} | capture(\"(?<x>[a-z]+)(?<y>[0-9])?\"))", text(depth - 1));
    case 7:
      return fmt::format("({} | del({}))", object(depth - 1), one({".a", ".b", ".a, .b", ".[\"a\"]", ".c?"}));
    case 8:
      return fmt::format("{{\"a\\({})\": ({})}}", any(0), any(depth - 1));
    default:
      return fmt::format("(reduce ({}) as $x ({{}}; .[$x | tostring] = 1))", stream(depth - 1));
  }
}

std::string Generator::path(int depth) {
  std::string s = once_in(4) ? "." : one({".a", ".b", ".c", ".d", ".e"});
  for (int i = pick(3); i > 0; --i) {
    switch (pick(depth > 0 ? 8 : 5)) {
      case 0:
      case 1:
        if (s != ".") s += '.';
        s += one({"a", "b", "c"});
        break;
      case 2:
        s += one({"[0]", "[1]", "[-1]"});
        break;
      case 3:
        s += one({"[\"a\"]", "[\"b\"]"});
        break;
      case 4:
        s += one({"[1:]", "[:1]", "[0:2]", "[-1:]", "[:-1]"});
        break;
      case 5:
        s += "[]?";
        break;
      default:
        s += fmt::format("[{}]", any(depth - 1));
        break;
    }
    if (once_in(3) && s.back() != '?') s += "?";
  }
  return s;
}

std::string Generator::update(int depth) {
  const std::string target = one({".a",
                                  ".b",
                                  ".a.b",
                                  ".[0]",
                                  ".[\"a\"]",
                                  ".a[0]",
                                  ".c",
                                  ".[-1]",
                                  ".a[1:]",
                                  "(.a, .b)",
                                  ".[]?",
                                  ".a?",
                                  "(.a | .b)",
                                  "(.[]? | select(. == 1))",
                                  "(.. | numbers)",
                                  "getpath([\"a\", \"b\"])",
                                  "(if .a then .a else .b end)",
                                  "(.a // .b)",
                                  "first(.a, .b)",
                                  "limit(1; .[]?)",
                                  "."});
  switch (pick(12)) {
    case 0:
    case 1:
      return fmt::format("({} = {})", target, any(depth - 1));
    case 2:
    case 3:
      return fmt::format("({} |= {})", target,
                         one({"tostring", "[.]", ". == 1", "1", "type", "[., 1]", "length?"}));
    case 4:
      return fmt::format("({} {} {})", target, one({"+=", "-=", "*=", "//=", "/=", "%="}), any(depth - 1));
    case 5:
      return fmt::format("del({})", target);
    case 6:
      return fmt::format("(to_entries? // {})", any(depth - 1));
    case 7:
      return fmt::format("[path({})]", target);
    case 8:
      return fmt::format("setpath([{}]; {})", one({"\"a\"", "\"a\", \"b\"", "0", "\"a\", 0", ""}),
                         any(depth - 1));
    case 9:
      return fmt::format("delpaths([{}])",
                         one({"[\"a\"]", "[\"a\"], [\"b\"]", "[0]", "[\"a\", 0], [\"a\", 1]", ""}));
    case 10:
      return fmt::format("([paths] | length)");
    default:
      return fmt::format("(reduce path({}) as $p (.; setpath($p; {})))", target, any(0));
  }
}

}  // namespace sz::differential
