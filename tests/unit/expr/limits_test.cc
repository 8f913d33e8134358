#include <string>

#include <gtest/gtest.h>

#include "expr/program.h"
#include "json/document.h"

#ifndef __clang__
#pragma GCC diagnostic ignored \
    "-Wrestrict"  // GCC 12 sees an overlap in "text" + std::string where none is (GCC bug 105651)
#endif

// Fuel, memory, depth, recursion: a runaway expression ends as an error of the record, soon, and the program
// goes on working.

namespace sz::expr {
namespace {

std::string run(const std::string& source, const std::string& input = "null", Settings settings = {}) {
  auto program = Program::compile(source, settings);
  if (!program) return std::string("syntax: ").append(program.error().message);
  json::Document document;
  const auto node = document.parse(input);
  const auto out = program->render(*node, Time());
  if (!out) return std::string("error: ").append(out.error());
  std::string text;
  for (const auto& r : *out) {
    if (!text.empty()) text += ' ';
    text += r.text;
  }
  return text;
}

constexpr char too_many_steps[] = "error: takes more than 100000 steps (--max-steps)";
constexpr char too_large[] = "error: builds values of more than 1048576 bytes (--max-value)";

Settings small() {
  Settings s;
  s.max_steps = 100'000;
  s.max_value = 1 << 20;
  return s;
}

TEST(Limits, Steps) {
  for (const bool direct : {true, false}) {
    Settings s = small();
    s.direct = direct;
    for (const char* source :
         {"def f: f; f", "last(range(1e9))", "reduce range(1e9) as $i (0; . + 1)", "until(false; .)",
          "try (def f: f; f) catch 1", "(def f: f; f)?", "(def f: f; f) // 1",
          "first(range(1e9) | select(false))", "any(range(1e9); false)", "isempty(range(1e9) | empty)",
          "[range(1e9) | empty]", ".[]? // last(range(1e9))", "last(repeat(.))",
          "last(0 | while(true; . + 1))", "last(range(1; infinite))", "last(recurse(.))",
          "first(range(0; 1e300; 1e-9) | select(. > 1))"}) {
      EXPECT_EQ(run(source, "null", s), too_many_steps) << source;
    }
  }
}

TEST(Limits, LongInputsAreCountedByTheDirectEvaluatorToo) {
  std::string list = "[0";
  for (int i = 0; i < 200'000; ++i) list += ",1";
  list += ']';
  EXPECT_EQ(run("map(. + 1) | length", list, small()).substr(0, 6), "error:");
  EXPECT_EQ(run("map(. + 1) | length", list), "200001");
}

TEST(Limits, Memory) {
  for (const bool direct : {true, false}) {
    Settings s = small();
    s.max_steps = 10'000'000;
    s.direct = direct;
    for (const char* source :
         {"[range(1e9)]", "\"x\" * 1e12", "reduce range(100) as $i (\"x\"; . + .)",
          "reduce range(100) as $i ([1]; . + .)", "reduce range(60) as $i (1; [., .]) | tojson",
          "reduce range(60) as $i (1; [., .])", "def f: 1 + f; f", "def f: (f | f); f",
          "try ([range(1e9)]) catch 1", "([range(1e9)])?", "range(1e9)", "[.[500000] = 1]",
          "reduce range(1e6) as $i ({}; .[\"k\\($i)\"] = $i)"})
      EXPECT_EQ(run(source, "null", s), too_large) << source;
    // What was built before does not count against the next input.
    auto program = Program::compile("[range(30000)] | length", s);
    ASSERT_TRUE(program);
    json::Document document;
    const auto node = document.parse("null");
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(program->truthy(*node, Time()));
  }
}

TEST(Limits, AProgramWorksOnAfterAnError) {
  Settings s = small();
  auto program = Program::compile(
      "if . == 1 then [range(1e9)] elif . == 2 then (def f: f; f) elif . == 3 then error(\"x\") else [.] end",
      s);
  ASSERT_TRUE(program);
  json::Document document;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(program->render(*document.parse("1"), Time()));
    EXPECT_FALSE(program->render(*document.parse("2"), Time()));
    const auto failed = program->render(*document.parse("3"), Time());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), "x");
    const auto good = program->render(*document.parse("4"), Time());
    ASSERT_TRUE(good);
    EXPECT_EQ(good->front().text, "[4]");
  }
}

TEST(Limits, Depth) {
  EXPECT_EQ(run("reduce range(5000) as $i (null; [.])"), "error: value nested over 1024 levels deep");
  EXPECT_EQ(run("reduce range(5000) as $i (null; {a: .})"), "error: value nested over 1024 levels deep");
  EXPECT_EQ(run("reduce range(1000) as $i (null; [.]) | flatten"), "[null]");
  EXPECT_EQ(run("setpath([range(3000) | 0]; 1)").substr(0, 6), "error:");
  EXPECT_EQ(run("reduce range(900) as $i (0; [.]) | [..] | length"), "901");
}

// A tenth of a million is deep enough to overflow a stack as well; sanitizers need ten times as long.
constexpr long many = SZ_SANITIZED ? 100'000 : 1'000'000;

/// `program` with `many` in place of each N.
std::string counted(std::string_view program) {
  std::string all;
  for (const char c : program) all += c == 'N' ? std::to_string(many) : std::string(1, c);
  return all;
}

TEST(Limits, Recursion) {
  EXPECT_EQ(run("[limit(100000; repeat(1))] | length"), "100000");
  EXPECT_EQ(run(counted("[range(N)] | length")), counted("N"));
  EXPECT_EQ(run(counted("def f($n): if $n == 0 then \"done\" else f($n - 1) end; f(N)")), "\"done\"");
  EXPECT_EQ(run(counted("def f: if . == 0 then \"done\" else . - 1 | f end; N | f")), "\"done\"");
  EXPECT_EQ(run("[recurse(if . < 100000 then . + 1 else empty end)] | length", "0"), "100001");
  EXPECT_EQ(run("def f: if . == 0 then 0 else 1 + (. - 1 | f) end; 100000 | f"), "100000");
  // One output at a time, so in the memory of one.
  for (const bool direct : {true, false}) {
    Settings s;
    s.direct = direct;
    s.max_value = 1 << 20;
    EXPECT_EQ(run(counted("last(range(N))"), "null", s), std::to_string(many - 1));
    EXPECT_EQ(run(counted("reduce range(N) as $i (0; . + $i)"), "null", s),
              std::to_string(many * (many - 1) / 2));
    EXPECT_EQ(run(counted("last(limit(N; repeat(1)))"), "null", s), "1");
    EXPECT_EQ(run(counted("def f: if . >= N then . else . + 1 | f end; 0 | f"), "null", s), counted("N"));
    EXPECT_EQ(run(counted("0 | until(. >= N; . + 1)"), "null", s), counted("N"));
    EXPECT_EQ(run(counted("last(0 | recurse(if . < N then . + 1 else empty end))"), "null", s), counted("N"));
  }
  EXPECT_EQ(run("last(label $out | range(100000) | if . > 50000 then ., break $out else . end)"), "50001");
}

std::string chain(const std::string& part, const std::string& joint, int n) {
  std::string all = part;
  for (int i = 1; i < n; ++i) all.append(joint).append(part);
  return all;
}

// A chain of operators is no nesting.
TEST(Limits, ChainsOfOperators) {
  for (const bool direct : {true, false}) {
    Settings settings;
    settings.direct = direct;
    const auto with = [&](const std::string& source) { return run(source, R"({"a":1})", settings); };
    EXPECT_EQ(with(chain("1", "+", 20'000)), "20000");
    EXPECT_EQ(with(chain("1", "-", 20'000)), "-19998");
    EXPECT_EQ(with(chain(".", "|", 20'000).append("|.a")), "1");
    EXPECT_EQ(with(std::string("[").append(chain("1", ",", 20'000)).append("]|length")), "20000");
    EXPECT_EQ(with(chain(".a==0", " or ", 20'000)), "false");
    EXPECT_EQ(with(chain(".a!=0", " and ", 20'000)), "true");
    EXPECT_EQ(with(chain(".b", "//", 20'000)), "null");
    EXPECT_EQ(with(chain("(.[]?)", "+", 5'000)), "5000");
    EXPECT_EQ(with(chain(".a=1", "|", 5'000).append("|.a")), "1");
  }
}

TEST(Limits, NativesThatLoop) {
  Settings s = small();
  s.max_steps = 10'000'000;
  for (const bool direct : {true, false}) {
    s.direct = direct;
    for (const char* source : {R"("a" * 500000 | explode)", R"("ab" * 200000 | [match("a"; "g")])",
                               R"("ab" * 200000 | gsub("a"; "b"))", R"("a," * 200000 | [splits(",")])",
                               R"("a," * 200000 | [scan("a")])", R"("a," * 200000 | split(","; null))",
                               R"("a" * 500000 | strptime("%Y"))", R"(0 | strftime("%999999Y" * 3))",
                               R"(0 | strftime("a" * 900000))", R"([range(1e9) | 65] | implode)",
                               R"("x" * 1000000000)", R"([limit(1e9; repeat(1))])"})
      EXPECT_EQ(run(source, "null", s), too_large) << source;
  }
  // No pattern takes more than linear time.
  EXPECT_EQ(run(R"("a" * 500000 | test("(a*)*b"))", "null", s), "false");
  EXPECT_EQ(run(R"("a" * 500000 | test("(a|aa)+$"))", "null", s), "true");
  // Patterns that come from data do not pile up.
  EXPECT_EQ(run(R"([range(2000) | tostring | . as $re | "1234" | select(test($re))] | length)"), "10");
}

TEST(Limits, ReplacingTakesLittleMoreThanTheText) {
  Settings s;
  s.max_value = 8 << 20;
  for (const bool direct : {true, false}) {
    s.direct = direct;
    EXPECT_EQ(run(R"("a" * 900000 | gsub("a"; "b") | length, .[899990:])", "null", s),
              R"(900000 "bbbbbbbbbb")");
    EXPECT_EQ(run(R"x("ab" * 5000 | gsub("(?<x>b)"; .x * 2) == "abb" * 5000)x", "null", s), "true");
    EXPECT_EQ(run(R"("é" * 5000 | gsub(""; "-") == "-é" * 5000 + "-")", "null", s), "true");
    EXPECT_EQ(run(R"([("a" * 5000 | gsub("a"; "b", "c"))] == ["b" * 5000, "c" * 5000])", "null", s), "true");
    EXPECT_EQ(run(R"("a" * 2048 | gsub("a"; "b") == "b" * 2048)", "null", s), "true");
    EXPECT_EQ(run(R"("a" * 5000 | gsub("a"; empty) == "a" * 5000)", "null", s), "true");
    EXPECT_EQ(run(R"("a" * 3000 | sub("a"; "b") == "b" + "a" * 2999)", "null", s), "true");
  }
}

TEST(Limits, OutputsAreCharged) {
  EXPECT_EQ(run("range(1000000)|empty", "null", small()), too_many_steps);
  Settings memory = small();
  memory.max_steps = 100'000'000;
  EXPECT_EQ(run("range(1000000)", "null", memory), too_large);
  EXPECT_EQ(run(R"(range(1000)|"x"*10000)", "null", memory), too_large);
  EXPECT_EQ(run("range(3)", "null", memory), "0 1 2");
}

TEST(Limits, BoundedStacks) {
  for (const char* source :
       {"last(range(N+1))", "0|def f: if . >= N then . else .+1|f end; f", "last(limit(N+1; range(1e9)))",
        "0|until(. >= N; .+1)", "nth(N; range(1e9))", "last(0|recurse(if . < N then .+1 else empty end))",
        "def f($x): if $x >= N then $x else f($x+1) end; f(0)"})
    for (const bool direct : {true, false}) {
      Settings memory = small();
      memory.max_steps = 100'000'000;
      memory.direct = direct;
      EXPECT_EQ(run(counted(source), "null", memory), counted("N")) << source;
    }
  EXPECT_EQ(run("[limit(100000; repeat(1))]|length"), "100000");
}

TEST(Limits, LongPrograms) {
  std::string chain = ".a == 0";
  for (int i = 1; i < 990; ++i) chain += " or .a == " + std::to_string(i);
  EXPECT_EQ(run(chain, R"({"a":989})"), "true");
  EXPECT_EQ(run(chain, R"({"a":2000})"), "false");
  EXPECT_EQ(run(std::string(100, '(') + "." + std::string(100, ')'), "7"), "7");
  EXPECT_EQ(run(std::string(100'000, '(')), "syntax: expression nested too deep");
  EXPECT_EQ(run(std::string(100'000, '[')), "syntax: expression nested too deep");
  EXPECT_EQ(run(std::string(100'000, '-') + "1"), "syntax: expression nested too deep");
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  EXPECT_EQ(run(sum), "100001");
  std::string ifs;
  for (int i = 0; i < 50'000; ++i) ifs += "if 1 then 2 el";
  EXPECT_EQ(run(ifs).substr(0, 7), "syntax:");
  std::string strings;
  for (int i = 0; i < 50'000; ++i) strings += "\"\\(";
  EXPECT_EQ(run(strings).substr(0, 7), "syntax:");
}

}  // namespace
}  // namespace sz::expr
