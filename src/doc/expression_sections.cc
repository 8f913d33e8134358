#include "doc/expression_reference.h"

namespace sz::doc {

namespace {

using Example = ExpressionExample;

constexpr Example paths[] = {
    {".", "[1, 2]", "[1, 2]"},
    {".a.b", R"~({"a":{"b":1}})~", "1"},
    {R"~(."odd key", .["k"])~", R"~({"odd key":1,"k":2})~", "1 2"},
    {".[0], .[-1]", "[1,2,3]", "1 3"},
    {".[1:3], .[:-1]", "[1,2,3,4]", "[2,3] [1,2,3]"},
    {".[]", R"~({"a":1,"b":2})~", "1 2"},
    {".a, .a?, .b.c", R"~({"a":1})~", "1 1 null"},
    {"[.a?]", "5", "[]"},
    {"[..]", "[1,[2]]", "[[1,[2]],1,[2],2]"},
};
constexpr Example combining[] = {
    {".items[] | .price", R"~({"items":[{"price":3},{"price":4}]})~", "3 4"},
    {".a, .b", R"~({"a":1,"b":2})~", "1 2"},
    {"(.a + 1) * 2", R"~({"a":1})~", "4"},
    {R"~(.name // "nobody")~", "{}", R"~("nobody")~"},
};
constexpr Example making[] = {
    {"{id, total: .price, (.key): 1}", R"~({"id":7,"price":2,"key":"k"})~", R"~({"id":7,"total":2,"k":1})~"},
    {"[.items[].id]", R"~({"items":[{"id":1},{"id":2}]})~", "[1,2]"},
    {R"~("user \(.name)")~", R"~({"name":"ann"})~", R"~("user ann")~"},
    {"{a: (1, 2)}", "null", R"~({"a":1} {"a":2})~"},
};
constexpr Example operators[] = {
    {". + 1, . - 1, . * 2, . / 2, . % 2", "7", "8 6 14 3.5 1"},
    {R"~("a" + "b", [1] + [2], {a: 1} + {b: 2}, null + 1)~", "null", R"~("ab" [1,2] {"a":1,"b":2} 1)~"},
    {R"~("ab" * 2, "a,b" / ",", [1, 2] - [1])~", "null", R"~("abab" ["a","b"] [2])~"},
    {"{a: {b: 1}} * {a: {c: 2}}", "null", R"~({"a":{"b":1,"c":2}})~"},
    {R"~(1 < 2, "a" == "b", [] < {})~", "null", "true false true"},
    {"(true, false) and true, (null | not)", "null", "true false true"},
};
constexpr Example control[] = {
    {R"~(if . > 0 then "up" elif . < 0 then "down" else "flat" end)~", "-3", R"~("down")~"},
    {"select(. > 1)", "2", "2"},
    {R"~(try error("x") catch "caught \(.)")~", "null", R"~("caught x")~"},
    {"[.[] | tonumber?]", R"~(["1","x","2"])~", "[1,2]"},
    {"[label $out | .[] | if . > 2 then break $out else . end]", "[1,2,3,4]", "[1,2]"},
};
constexpr Example variables[] = {
    {".a as $x | .b + $x", R"~({"a":1,"b":2})~", "3"},
    {". as {a: $x, b: [$y, $z]} | $x + $y + $z", R"~({"a":1,"b":[2,3]})~", "6"},
    {". as {$a} | $a", R"~({"a":5})~", "5"},
    {".[] as [$a] ?// $a | $a", "[[1],2]", "1 2"},
    {"$__loc__.line", "null", "1"},
};
constexpr Example loops[] = {
    {"reduce .[] as $x (0; . + $x)", "[1,2,3]", "6"},
    {"[foreach .[] as $x (0; . + $x)]", "[1,2,3]", "[1,3,6]"},
    {"def twice(f): f | f; . | twice(. * 2)", "3", "12"},
    {"def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; fac", "5", "120"},
    {"[limit(3; repeat(1))]", "null", "[1,1,1]"},
    {"[range(3)], [range(0; 10; 4)], last(range(1000000))", "null", "[0,1,2] [0,4,8] 999999"},
    {"[.[] | until(. > 100; . * 2)]", "[3,7]", "[192,112]"},
    {"first(range(10; 20)), [skip(2; .[])], nth(1; .[])", "[1,2,3]", "10 [3] 2"},
    {"any(.[]; . > 2), all(.[]; . > 2), isempty(.[])", "[1,2,3]", "true false false"},
    {"[recurse(if . < 3 then . + 1 else empty end)]", "1", "[1,2,3]"},
};
constexpr Example changing[] = {
    {".a = 1", R"~({"b":2})~", R"~({"b":2,"a":1})~"},
    {".a |= . + 1, .a += 1, .b //= 5", R"~({"a":1})~", R"~({"a":2} {"a":2} {"a":1,"b":5})~"},
    {".[] |= . * 2", "[1,2]", "[2,4]"},
    {"(.[] | select(. > 1)) |= empty", "[1,2,3]", "[1]"},
    {"del(.a, .b)", R"~({"a":1,"b":2,"c":3})~", R"~({"c":3})~"},
    {"[paths]", R"~({"a":[1]})~", R"~([["a"],["a",0]])~"},
    {R"~(getpath(["a", 0]), setpath(["a", 0]; 9))~", R"~({"a":[1]})~", R"~(1 {"a":[9]})~"},
    {"pick(.a.b)", R"~({"a":{"b":1,"c":2}})~", R"~({"a":{"b":1}})~"},
    {"walk(if type == \"number\" then . + 1 else . end)", "[1,[2]]", "[2,[3]]"},
};
constexpr Example collections[] = {
    {"keys, length, has(\"a\"), add", R"~({"b":1,"a":2})~", R"~(["a","b"] 2 true 3)~"},
    {"to_entries", R"~({"a":1})~", R"~([{"key":"a","value":1}])~"},
    {"with_entries(.value += 1)", R"~({"a":1})~", R"~({"a":2})~"},
    {"map(. + 1), sort, unique, reverse, min, max", "[3,1,3]", "[4,2,4] [1,3,3] [1,3] [3,1,3] 1 3"},
    {"group_by(.k) | map(length)", R"~([{"k":1},{"k":2},{"k":1}])~", "[2,1]"},
    {"sort_by(.k), max_by(.k)", R"~([{"k":2},{"k":1}])~", R"~([{"k":1},{"k":2}] {"k":2})~"},
    {"flatten, flatten(1)", "[1,[2,[3]]]", "[1,2,3] [1,2,[3]]"},
    {"index(2), indices(1), contains([2])", "[1,2,1]", "1 [0,2] true"},
    {"transpose", "[[1,2],[3,4]]", "[[1,3],[2,4]]"},
    {"[tostream]", "[1,2]", "[[[0],1],[[1],2],[[1]]]"},
};
constexpr Example strings[] = {
    {"length, utf8bytelength, ascii_upcase", R"~("aü")~", R"~(2 3 "Aü")~"},
    {R"~(split(", "), ltrimstr("a"), startswith("a"))~", R"~("a, b")~", R"~(["a","b"] ", b" true)~"},
    {R"~(trim, join("-")?)~", R"~(" x ")~", R"~("x")~"},
    {"tonumber, (. | tojson), ascii_downcase", R"~("12")~", R"~(12 "\"12\"" "12")~"},
    {"explode | implode", R"~("abc")~", R"~("abc")~"},
    {"@csv, @tsv, @sh", R"~([1,"a b"])~", R"~("1,\"a b\"" "1\ta b" "1 'a b'")~"},
    {R"~(@base64, @uri, @html "<b>\(.)</b>")~", R"~("a&b")~", R"~("YSZi" "a%26b" "<b>a&amp;b</b>")~"},
    {R"~(test("B"; "i"), sub("b"; "x"), [scan("[a-c]")])~", R"~("abz")~", R"~(true "axz" ["a","b"])~"},
    {R"~(capture("(?<n>[0-9]+)"))~", R"~("id 42")~", R"~({"n":"42"})~"},
};
constexpr Example numbers[] = {
    {".", "100000000000000000000000001", "100000000000000000000000001"},
    {".price, .price + 1", R"~({"price":1.10})~", "1.10 2.1"},
    {"floor, sqrt, pow(.; 2)", "9", "9 3 81"},
    {". + 1", "9223372036854775806", "9223372036854775807"},
};
constexpr Example dates[] = {
    {"todate", "1700000000", R"~("2023-11-14T22:13:20Z")~"},
    {"fromdate", R"~("2023-11-14T22:13:20Z")~", "1700000000"},
    {R"~(strptime("%Y-%m-%d") | mktime)~", R"~("2023-11-14")~", "1699920000"},
    {R"~(strftime("%H:%M"))~", "1700000000", R"~("22:13")~"},
};

constexpr ExpressionSection sections[] = {
    {"The language",
     R"~(filter, map, --by, --time and the other EXPR take the language of jq(1), that of its version 1.8. An expression reads one value, the record, and gives none, one or many. filter keeps a record when any output is neither false nor null; map makes a record of each output.

An expression with blanks, quotes, brackets or a pipe needs single quotes in the shell. One that begins with a minus sign and a letter goes behind -e; a long one goes into a file, behind -f; # starts a comment. A wrong expression is refused before any input is read, and its place is shown.

Below, each expression has a record behind it and, behind the arrow, what comes out.)~"},
    {"Paths", "A missing member is null; ? behind a path turns its errors into nothing.", paths},
    {"Combining",
     "A pipe feeds its right side with each output of its left; a comma gives the outputs of both; // "
     "gives the right side if the left has nothing but false and null.",
     combining},
    {"Making values", "Where a part has several outputs, so has the whole.", making},
    {"Operators",
     "Values of different types have an order: null, false, true, numbers, strings, arrays, objects. The "
     "weakest "
     "first, operators bind: | , // = |= += -= *= /= %= //= or and == != < <= > >= + - * / % "
     "and the minus sign before a term.",
     operators},
    {"Conditions and errors",
     "All but false and null is true. An error that nobody catches fails the record with kind "
     "expr.",
     control},
    {"Variables",
     "as binds every output in turn and takes arrays and objects apart; with ?// the next pattern is tried "
     "when one "
     "fails. --arg NAME V and --argjson NAME JSON, before the first stage, define $NAME everywhere; $ENV and "
     "env are "
     "the environment, $ARGS.named is what --arg defined, $__loc__ the place in the expression.",
     variables},
    {"Loops and functions",
     "Functions take values ($a) or expressions (f), may be recursive, and a call at the end of a function "
     "needs no "
     "memory.",
     loops},
    {"Changing a value",
     "The left side of an assignment is any path, also one of getpath, select, recurse, first, "
     "if or //.",
     changing},
    {"Arrays and objects", "", collections},
    {"Strings",
     "Formats stand alone or before a string, whose interpolated parts they then convert. Regular "
     "expressions are RE2's, with the flags g i l n p s x; they take linear time.",
     strings},
    {"Numbers",
     "A number that nothing computes with keeps its text. Integers are exact to 64 bits, all else is an "
     "IEEE double.",
     numbers},
    {"Dates and times", "now is the wall's time, and under --time the clock at the stage.", dates},
    {"Limits",
     "--max-value bounds the memory that one expression uses for one record, --max-steps its steps; passing "
     "one fails "
     "the record and cannot be caught. Values nest at most 1024 deep."},
    {"Coming from jq",
     R"~(What differs from jq 1.8, and why:

  input, inputs, halt and halt_error are refused: records come one by one.
  Modules (import, include) and the SQL-style INDEX, IN, JOIN are refused.
  Regular expressions have no lookaround and no backreferences; a pattern that
  RE2 cannot express is refused at the start, or fails the record if it comes
  from data. \w, \d, \s, \b and [[:alpha:]] know ASCII only; \p{L} knows all
  letters. $ is the end of the text alone, not also the place before a last
  newline.
  map is all or nothing: an error after some outputs takes them back.
  Untouched parts of a record are copied as they are written: 1.10 stays
  1.10, 1e2 stays 1e2, "\u00e9" stays so. tojson, tostring and "\(...)" of
  such a number give its text, too.
  An empty program, or one of comments alone, is refused; in jq it is .
  .level == error, not .a and startswith(.a, "x") are refused: in jq they run
  and are never what was meant.
  Integers are exact to 64 bits in arithmetic, too; jq's are doubles.
  now is the stream's clock under --time.
  input_line_number is the line in its file, null for a record made of many.
  debug and stderr print one escaped line each on stderr.
  $__prog_args, --args and --jsonargs are not there; --arg and --argjson are.
  .a[]?//1 is read as .a[]? // 1; in jq ?// is always one word.
  The words of fromjson's and of regular expressions' errors are others.
)~"},
};

}  // namespace

std::span<const ExpressionSection> expression_sections() { return sections; }

}  // namespace sz::doc
