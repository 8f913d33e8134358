#include "differential/generator.h"

#include <fmt/format.h>

namespace sz::differential {

std::string Generator::program() {
  variables_ = 0;
  return once_in(3) ? stream(4) : any(4);
}

std::string Generator::document(int depth) {
  switch (pick(depth > 0 ? 12 : 7)) {
    case 0:
      return "null";
    case 1:
      return once_in(2) ? "true" : "false";
    case 2:
      return fmt::format("{}", pick(7) - 3);
    case 3:
      return fmt::format("{}.5", pick(200) - 100);
    case 4:
      return fmt::format("{}", pick(100000));
    case 5:
      return fmt::format("\"{}\"", word());
    case 6:
      return fmt::format("\"{} {}\"", word(), word());
    case 7:
    case 8: {
      std::string s = "[";
      for (int i = pick(5); i > 0; --i) {
        s += document(depth - 1);
        if (i > 1) s += ',';
      }
      s += ']';
      return s;
    }
    default: {
      // Names in order: gojq keeps no other.
      std::string s;
      for (char c = 'a'; c <= 'e'; ++c)
        if (!once_in(3)) s += fmt::format("{}\"{}\":{}", s.empty() ? "" : ",", c, document(depth - 1));
      return fmt::format("{{{}}}", s);
    }
  }
}

std::string Generator::word() {
  return one({"a", "b", "abc", "x-y", "Foo", "12", "1.5", "é", "日本", "", "a,b", "q\\\"q", "\\n", "aa bb",
              "0x1", "2015-03-05T23:51:47Z", "<&'>", "a\\tb"});
}

std::string Generator::variable() { return variables_ == 0 ? "." : fmt::format("$v{}", pick(variables_)); }

std::string Generator::any(int depth) {
  if (depth <= 0) {
    switch (pick(8)) {
      case 0:
        return number(0);
      case 1:
        return text(0);
      case 2:
        return one({"null", "true", "false", ".", "[]", "{}"});
      case 3:
        return variable();
      default:
        return path(0);
    }
  }
  switch (pick(12)) {
    case 0:
      return number(depth);
    case 1:
      return text(depth);
    case 2:
      return truth(depth);
    case 3:
    case 4:
      return list(depth);
    case 5:
      return object(depth);
    case 6:
      return update(depth);
    case 7:
    case 8:
      return control(depth);
    case 9:
      return fmt::format("({} | {})", any(depth - 1), any(depth - 1));
    default:
      return path(depth);
  }
}

std::string Generator::stream(int depth) {
  if (depth <= 0) return one({".[]?", "1, 2", ".a, .b", "empty", "range(3)", "..", "recurse"});
  switch (pick(20)) {
    case 0:
    case 1:
      return fmt::format("({}, {})", any(depth - 1), stream(depth - 1));
    case 2:
      return fmt::format("({} | {})", stream(depth - 1), any(depth - 1));
    case 3:
      return fmt::format("({} | {})", any(depth - 1), stream(depth - 1));
    case 4:
      return fmt::format("{}[]?", path(depth - 1));
    case 5:
      return fmt::format("range({})", one({"3", "1; 4", "0; 10; 3", "5; 0; -2", "0, 1; 3", "0.5; 3", "-1"}));
    case 6:
      return fmt::format("limit({}; {})", one({"1", "2", "3"}), stream(depth - 1));
    case 7:
      return fmt::format("first({})", stream(depth - 1));
    case 8:
      return fmt::format("select({})", truth(depth - 1));
    case 9:
      return fmt::format("({} | recurse({}; . < 5))", number(0), one({". + 1", ". + 2", "empty"}));
    case 10:
      return one({"..", "recurse", "recurse(.[]?)", "paths", "leaf_paths", "(.. | scalars)", "(.. | numbers)",
                  "(.. | strings)", "(.[]? | values)", "recurse(.a?; . != null)", "path(..)",
                  "(.[]? | nulls)", "(.. | arrays)", "(.. | objects)", "(.. | booleans)",
                  "(.. | iterables)"});
    case 11:
      return fmt::format("({} | scan({}))", text(depth - 1),
                         one({"\"a\"", "\"[a-z]+\"", "\"(a)(b)?\"", "\"[0-9]\"", "\"b|c\"", "\"-\"",
                              "\"(?<x>[a-z])([0-9])?\""}));
    case 12:
      return fmt::format("({} | while({}))", number(0), one({". < 5; . + 1", ". < 3; . + 4", "false; ."}));
    case 13:
      return fmt::format("(label $out | {} | if {} then ., break $out else . end)", stream(depth - 1),
                         truth(depth - 1));
    case 14:
      return fmt::format("(foreach ({}) as $x ({}; {}; {}))", stream(depth - 2), any(0),
                         one({"[., $x]", ". + 1", "$x", "[$x, .[0]?]", "tojson + \"x\""}),
                         one({".", "[., $x]", "length?", "$x"}));
    case 15:
      return fmt::format("(foreach ({}) as $x ({}; {}))", stream(depth - 2), any(0),
                         one({"[., $x]", "$x", ".,$x"}));
    case 16:
      return fmt::format("(try ({}) catch \"caught\")", stream(depth - 1));
    case 17:
      return fmt::format("({} | tostream)", any(depth - 1));
    case 18:
      return fmt::format("(if {} then {} else {} end)", stream(depth - 1), any(depth - 1), stream(depth - 1));
    default:
      return fmt::format("({})?", stream(depth - 1));
  }
}

std::string Generator::control(int depth) {
  switch (pick(15)) {
    case 0:
      return fmt::format("(if {} then {} else {} end)", truth(depth - 1), any(depth - 1), any(depth - 1));
    case 1:
      return fmt::format("(if {} then {} elif {} then {} else {} end)", truth(depth - 1), any(0), truth(0),
                         any(0), any(depth - 1));
    case 2:
      return fmt::format("(try ({}) catch \"caught\")", any(depth - 1));
    case 3:
      return fmt::format("({})?", any(depth - 1));
    case 4:
      return fmt::format("(try error({}) catch .)", text(0));
    case 5:
      return fmt::format("({} // {})", any(depth - 1), any(depth - 1));
    case 6: {
      const int v = variables_;
      const std::string value = any(depth - 1);
      variables_ = v + 1;
      std::string body = any(depth - 1);
      variables_ = v;
      return fmt::format("(({}) as $v{} | {})", value, v, body);
    }
    case 7: {
      const std::string source = any(depth - 1);
      return fmt::format(
          "(({}) as {} | {})", source,
          one({"[$p, $q]", "{a: $p, b: $q}", "{$p, q: [$q]}", "{\"a\": $p, (\"b\"): $q}", "[[$p], {b: $q}]"}),
          one({"[$p, $q]", "$p", "[$q, .]", "{p: $p}"}));
    }
    case 8:
      return fmt::format("(reduce ({}) as $x ({}; {}))", stream(depth - 1), any(0),
                         one({". + $x", "[., $x]", "$x", "[.[]?, $x]", "length? // 0", "{a: ., x: $x}"}));
    case 9:
      return fmt::format("(def f: {}; {} | f)", any(depth - 1), any(0));
    case 10:
      return fmt::format("(def f(g): [g, (.. | numbers)]; f({}))", stream(depth - 1));
    case 11:
      return fmt::format("(def f($n; g): if $n <= 0 then g else f($n - 1; g) end; f({}; {}))",
                         one({"0", "2", "5"}), any(depth - 1));
    case 12:
      return fmt::format("({} | until({}))", number(0), one({". > 3; . + 1", "true; .", ". >= 0; -."}));
    case 13:
      return fmt::format("({} | walk({}))", any(depth - 1),
                         one({"if type == \"number\" then . + 1 else . end", ".",
                              "if type == \"array\" then sort else . end", "tostring",
                              "if type == \"object\" then del(.a) else . end"}));
    default:
      return fmt::format("isempty({})", stream(0));
  }
}

}  // namespace sz::differential
