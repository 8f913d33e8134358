#include "expr/program.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/key.h"
#include "json/document.h"

namespace sz::expr {
namespace {

json::Node parse(json::Document& document, std::string_view text) {
  const auto node = document.parse(text);
  EXPECT_TRUE(node) << text;
  return node ? *node : json::Node();
}

TEST(Program, TellsWhenAnOutputIsPartOfTheRecord) {
  json::Document document;
  const json::Node input = parse(document, R"({ "a" : {"b": [1 , 2.50]}, "k":"v" })");
  const auto nodes = [&](std::string_view source) {
    auto program = Program::compile(source);
    EXPECT_TRUE(program) << source;
    std::string out;
    const auto rendered = program->render(input, Time());
    EXPECT_TRUE(rendered) << source;
    for (const Rendered& r : *rendered) {
      out += r.node.valid() ? "N" : "T";
      if (r.node.valid()) {
        EXPECT_EQ(r.text.data(), r.node.raw().data());
      }
    }
    return out;
  };
  EXPECT_EQ(nodes("."), "N");
  EXPECT_EQ(nodes(".a"), "N");
  EXPECT_EQ(nodes(".a.b[1]"), "N");
  EXPECT_EQ(nodes("select(.k == \"v\")"), "N");
  EXPECT_EQ(nodes(".[]"), "NN");
  EXPECT_EQ(nodes("., 1, .k"), "NTN");
  EXPECT_EQ(nodes("{a}"), "T");
  EXPECT_EQ(nodes("empty"), "");
  EXPECT_EQ(nodes("if .k then . else 1 end"), "N");
}

TEST(Program, APartIsReadWithoutEvaluatingOnlyWhereItIsTheValue) {
  json::Document document;
  const json::Node input = parse(document, R"({"a":{"b":[1],"n":null,"a":7,"\u0061":8},"k":"v","k":1.50})");
  const auto part = [&](std::string_view source) -> std::string {
    const auto program = Program::compile(source);
    EXPECT_TRUE(program) << source;
    const auto found = program->part(input);
    return found ? std::string(found->raw()) : "-";
  };
  EXPECT_EQ(part(".k"), "1.50");
  EXPECT_EQ(part(".a.b"), "[1]");
  EXPECT_EQ(part(".a.a"), "8");
  EXPECT_EQ(part(".a.n"), "null");
  EXPECT_EQ(part(".none"), "-") << "null, but no part of the record";
  EXPECT_EQ(part(".a.n.x"), "-");
  EXPECT_EQ(part(".k.x"), "-") << "an error";
  EXPECT_EQ(part(".a[\"b\"][0]"), "-");
  EXPECT_EQ(part(".k, .a"), "-");
}

/// What --by of `expression` makes of a record.
std::string key_of(std::string_view expression, std::string_view record) {
  auto program = Program::compile(expression);
  EXPECT_TRUE(program) << expression;
  KeyOf by(std::move(*program));
  json::Document document;
  const auto key = by(parse(document, record), Time());
  return key ? std::string(*key) : "error: " + key.error();
}

TEST(KeyOf, IsTheCanonicalTextWhateverTheExpressionLooksLike) {
  for (const std::string_view value :
       {"0", "7", "1234567890123456", "12345678901234567", "123456789012345678", "1234567890123456789",
        "99999999999999999999999", "-5", "1.50", "1e2", "\"x\"", "\"a\\u0062\"", "null", "true", "[1, 2.0]",
        R"({"b":1,"a":2})"}) {
    const std::string record = "{\"a\":{\"k\":" + std::string(value) + "}}";
    EXPECT_EQ(key_of(".a.k", record), key_of("if true then .a.k else 0 end", record)) << value;
    EXPECT_EQ(key_of(".a.k", record), key_of("[.a.k] | .[0]", record)) << value;
  }
  EXPECT_EQ(key_of(".a.k", R"({"a":{"k":"v", "k": 1.0}})"), "1");
  EXPECT_EQ(key_of(".a.k", R"({"a":{}})"), "null");
  EXPECT_EQ(key_of(".a.k", R"({"a":3})"), "error: Cannot index number with string (\"k\")");
}

TEST(Program, ReusesItsBuffersFromInputToInput) {
  auto program = Program::compile("{a, b: [.a, 1]}");
  ASSERT_TRUE(program);
  json::Document document;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    const auto out = program->render(parse(document, "{\"a\":" + n + "}"), Time());
    ASSERT_TRUE(out);
    ASSERT_EQ(out->size(), 1u);
    EXPECT_EQ(out->front().text, "{\"a\":" + n + ",\"b\":[" + n + ",1]}");
  }
}

TEST(Program, MovesWithWhatItReturned) {
  auto made = Program::compile("[.a, \"x\"]");
  ASSERT_TRUE(made);
  json::Document document;
  const json::Node input = parse(document, R"({"a":[1]})");
  const auto values = made->outputs(input, Time());
  ASSERT_TRUE(values);
  Program moved = std::move(*made);
  std::string text;
  values->front().append_json(text);
  EXPECT_EQ(text, "[[1],\"x\"]");
}

TEST(Program, AnErrorAnywhereIsTheResultButAFilterStopsAtTheFirstTruth) {
  json::Document document;
  const json::Node input = parse(document, "null");
  auto program = Program::compile("false, 1, error(\"late\")");
  ASSERT_TRUE(program);
  EXPECT_TRUE(program->truthy(input, Time()).value_or(false));
  const auto all = program->outputs(input, Time());
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error(), "late");
  EXPECT_EQ(program->render(input, Time()).error(), "late");
  const auto first = program->value(input, Time());
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->is_truthy());
}

TEST(Program, KnowsWhatDependsOnTheClock) {
  EXPECT_TRUE(Program::compile(".a > (now - 5)")->uses_now());
  EXPECT_FALSE(Program::compile(".now")->uses_now());
  EXPECT_TRUE(Program::compile(".now")->deterministic());
  json::Document document;
  auto program = Program::compile("now | todate");
  const auto out =
      program->render(parse(document, "null"), Time::from_ns(Time::Wide{1'425'599'621} * 1'000'000'000));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->front().text, "\"2015-03-05T23:53:41Z\"");
}

TEST(Program, SingleOutputExpressionsRunDirectly) {
  for (const char* source : {".",
                             ".a.b.c",
                             ".a == 1",
                             ".level == \"error\" and .status >= 500",
                             "{id,user,latency_ms}",
                             "select(.a | test(\"re\"))",
                             ".a // 1",
                             "if .a then .b else .c end",
                             ".a + 1",
                             "[.a, .b]",
                             "map(.x)",
                             ".a |= . + 1",
                             "del(.a)",
                             "\"\\(.a)\"",
                             ".a?",
                             "try .a catch \"x\"",
                             ".[0]",
                             ".[1:]",
                             "length",
                             ".a | length > 3",
                             "not",
                             ".a | startswith(\"x\")",
                             "{a: {b: .c}}"})
    EXPECT_TRUE(Program::compile(source)->direct()) << source;
  for (const char* source : {".[]", ".a, .b", "..", "range(3)", "def f: 1; f"})
    EXPECT_FALSE(Program::compile(source)->direct()) << source;
}

TEST(Program, UserDefinitionsHideBuiltins) {
  json::Document document;
  const json::Node input = parse(document, "[1,2]");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"def length: 7; length", "7"},
      {"def map(f): \"mine\"; map(.)", "\"mine\""},
      {"def select(f): 3; select(true)", "3"},
      {"def empty: 4; empty", "4"},
      {"def f: def length: 5; length; f + length", "7"},
      {"map(def length: 1; length)", "[1,1]"},
      {"def add: 9; [.[] | 1] | add", "9"},
      {"def type: 8; strings", ""},
  };
  for (const auto& [source, expected] : cases) {
    auto program = Program::compile(source);
    ASSERT_TRUE(program) << source;
    const auto out = program->render(input, Time());
    ASSERT_TRUE(out) << source;
    EXPECT_EQ(out->empty() ? "" : std::string(out->front().text), expected) << source;
  }
}

TEST(Value, CanonicalTextIsTheSameForEqualValues) {
  // All of a row are one value, however they came about.
  const std::vector<std::vector<std::string>> rows = {
      {"1", "1.0", "1e0", "2-1", "10/10", "0.5*2"},
      {"0", "-0", "0*-1", "0.0"},
      {"100000000000000000000", "1e20", "10000000000*10000000000"},
      {"{\"a\":1,\"b\":[2]}", "{b:[2],a:1.0}", "{} | .b=[1+1] | .a=1"},
      {"\"\\u00e9\"", "\"é\"", "\"x\\u00e9\" | ltrimstr(\"x\")"},
      {"[1,{\"x\":null}]", "[1] + [{x:null}]"},
      {"1.5", "3/2", "15e-1"},
      {"9007199254740993", "9007199254740992+1"},
      {"1e17", "100000000000000000", "10000000000000000*10"},
  };
  for (const auto& row : rows) {
    std::string want;
    for (const std::string& source : row) {
      auto program = Program::compile(source);
      ASSERT_TRUE(program) << source;
      json::Document document;
      const auto v = program->value(parse(document, "null"), Time());
      ASSERT_TRUE(v) << source;
      std::string got;
      v->append_canonical(got);
      if (want.empty()) want = got;
      EXPECT_EQ(got, want) << source;
      // And read as JSON, where it is JSON.
      json::Document other;
      if (const auto node = other.parse(source)) {
        std::string read;
        Value::of(*node).append_canonical(read);
        EXPECT_EQ(read, want) << source;
        EXPECT_TRUE(equal(Value::of(*node), *v)) << source;
      }
    }
  }
}

TEST(Value, OrderIsTotalOverMixedValues) {
  // From least to greatest.
  const std::vector<std::string> sorted = {"null",
                                           "false",
                                           "true",
                                           "-1e400",
                                           "-5",
                                           "-0.5",
                                           "0",
                                           "0.5",
                                           "1",
                                           "9007199254740992",
                                           "9007199254740993",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "1e300",
                                           "\"\"",
                                           "\"A\"",
                                           "\"a\"",
                                           "\"aa\"",
                                           "\"b\"",
                                           "\"é\"",
                                           "[]",
                                           "[null]",
                                           "[1]",
                                           "[1,0]",
                                           "[2]",
                                           "{}",
                                           "{\"a\":2}",
                                           "{\"a\":2,\"b\":1}",
                                           "{\"b\":1}"};
  std::vector<json::Document> documents(sorted.size());
  std::vector<Value> values;
  for (std::size_t i = 0; i < sorted.size(); ++i) values.push_back(Value::of(parse(documents[i], sorted[i])));
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < values.size(); ++j)
      EXPECT_EQ(compare(values[i], values[j]), i < j ? -1 : i > j ? 1 : 0) << sorted[i] << " " << sorted[j];
}

TEST(Value, BuiltValuesAreSharedAndGoWithTheirLastOwner) {
  Heap heap(1 << 20);
  {
    Value a = Value::array(heap);
    for (int i = 0; i < 100; ++i) a.array_block().push(Value::string(heap, std::string_view("some text")));
    const std::size_t live = heap.live();
    const Value b = a;
    EXPECT_FALSE(a.unique());
    EXPECT_EQ(heap.live(), live);
    Value c = own_array(heap, a);
    EXPECT_TRUE(c.unique());
    c.array_block().items[0] = Value::integer(1);
    EXPECT_TRUE(a.array_block().items[0].is_string());
    // A value nested a million deep dies without a deep native stack.
    Value deep;
    for (int i = 0; i < 1'000; ++i) {
      Value outer = Value::array(heap);
      outer.array_block().push(std::move(deep));
      deep = std::move(outer);
    }
  }
  EXPECT_EQ(heap.live(), 0u);
}

}  // namespace
}  // namespace sz::expr
