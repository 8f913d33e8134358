#include <string>

#include <gtest/gtest.h>

#include "expr/program.h"
#include "json/document.h"

// Constant folding is seen in the fuel: what is done when the program is compiled costs a record nothing.
// That it changes no output is what every golden case, the differential test and the fuzzer hold, which run
// each program with and without it.

namespace sz::expr {
namespace {

std::string run(const std::string& source, std::uint64_t steps, const char* input = "null") {
  Settings settings;
  settings.max_steps = steps;
  auto program = Program::compile(source, settings);
  if (!program) return "? " + program.error().message;
  json::Document document;
  std::string out;
  const auto rendered = program->render(*document.parse(input), Time());
  if (!rendered) return "! " + rendered.error();
  for (const Rendered& r : *rendered) out.append(out.empty() ? "" : " ").append(r.text);
  return out;
}

// Twenty times the same, each within the limit, all not.
std::string often(const std::string& source) {
  std::string all = "(" + source + ")";
  for (int i = 1; i < 20; ++i) all.append(",(").append(source).append(")");
  return all;
}

TEST(ConstantFolding, WhatIsConstantCostsNoFuel) {
  for (const char* source :
       {"[range(1000)] | length", "[range(1000)] | map(. * 2) | add", "\"\\([range(1000)] | length)\"",
        "{n: ([range(1000)] | add)}", "if ([range(1000)] | length) > 5 then 1 else 2 end",
        "[[range(1000)][] | . + 1] | max", ". == ([range(1000)] | length)", "[limit(3; range(1000))]",
        "first(range(1000)), last(range(1000))", "any(range(1000); . == 999)",
        "try ([range(1000)] | add) catch 0", "null // ([range(1000)] | length)"})
    EXPECT_NE(run(often(source), 10'000)[0], '!') << source << ": " << run(often(source), 10'000);
  // The same that looks at the record does.
  EXPECT_EQ(run(often("[range(1000 + length)] | length"), 10'000)[0], '!');
}

TEST(ConstantFolding, WhatPassesTheLimitOfStepsFailsAsEver) {
  EXPECT_EQ(run("[range(1000)] | length", 10), "! takes more than 10 steps (--max-steps)");
  EXPECT_EQ(run("{a: [range(1000)] | length}", 10), "! takes more than 10 steps (--max-steps)");
  EXPECT_EQ(run("[range(3)] | length", 10), "3");
}

TEST(ConstantFolding, AnErrorComesWhenItDid) {
  EXPECT_EQ(run("1, (1 | error), 2", 1000), "! (not a string): 1");
  EXPECT_EQ(run("1 + \"a\"", 1000), "! number (1) and string (\"a\") cannot be added");
  EXPECT_EQ(run("try (1 / 0) catch \"caught\"", 1000), "\"caught\"");
  EXPECT_EQ(run("if . then 1 + {} else 3 end", 1000), "3");
  EXPECT_EQ(run("first(3, 1 + {})", 1000), "3");
  EXPECT_EQ(run("[.[]? | 1 + {}]", 1000, "[]"), "[]");
}

TEST(ConstantFolding, StopsAtItsOwnLimits) {
  EXPECT_EQ(run("[range(100000)] | length", 10)[0], '!');  // too many steps
  EXPECT_EQ(run("\"x\" * 70000 | length", 10), "70000");   // too large to keep
  EXPECT_EQ(run("[repeat(1)] | length", 1000)[0], '!');    // would not end
  EXPECT_EQ(run("[limit(3; repeat(1))]", 1000), "[1,1,1]");
}

TEST(ConstantFolding, LeavesWhatDependsOnTheRun) {
  for (const char* source : {"1 | now", "1 | input_line_number", "\"x\" | debug", "0 | localtime | length"}) {
    auto program = Program::compile(source);
    ASSERT_TRUE(program) << source;
    EXPECT_EQ(program->uses_now(), std::string(source) == "1 | now");
  }
  EXPECT_EQ(run("1 | [now] | length", 100), "1");
  json::Document document;
  auto program = Program::compile("1 | now");
  const auto node = *document.parse("null");
  const auto at = [&](std::int64_t s) {
    return std::string(program->render(node, Time::from_ns(Time::Wide{s} * 1'000'000'000))->front().text);
  };
  EXPECT_EQ(at(5), "5");
  EXPECT_EQ(at(7), "7");
}

TEST(ConstantFolding, ConstantsOnTheLeftCompareAsOnTheRight) {
  for (const char* document : {"{\"a\":5}", "{\"a\":5.5}", "{\"a\":-7}", "{\"a\":\"x\"}", "{\"a\":null}",
                               "{}", "{\"a\":[5]}", "{\"a\":{}}", "{\"a\":true}"})
    for (const char* constant : {"5", "-7", "\"x\"", "null", "true", "[5]", "{}", "5.5"})
      for (const auto& [op, back] :
           {std::pair("<", ">"), {"<=", ">="}, {">", "<"}, {">=", "<="}, {"==", "=="}, {"!=", "!="}})
        EXPECT_EQ(run(std::string(constant) + op + ".a", 100, document),
                  run(std::string(".a") + back + constant, 100, document))
            << constant << op << document;
}

}  // namespace
}  // namespace sz::expr
