#include "run/diagnostics.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sz::run {
namespace {

constexpr Time start = Time::from_ns(Time::Wide{1'700'000'000} * 1'000'000'000);
constexpr Duration second{1'000'000'000};

class DiagnosticsTest : public ::testing::Test {
 protected:
  StderrSink sink() {
    return [this](std::string_view line) { text += line; };
  }
  std::string text;
};

TEST_F(DiagnosticsTest, OneLineEach) {
  Diagnostics d(sink());
  d.report(start, "app.log:3", "parse", "invalid number");
  d.report(start, "", "input", "gone");
  EXPECT_EQ(text, "sz: app.log:3: parse: invalid number\nsz: input: gone\n");
}

TEST_F(DiagnosticsTest, RepeatedOnesAreCountedAndNoneIsForgotten) {
  Diagnostics d(sink());
  for (int i = 0; i < 413; ++i) d.report(start, fmt::format("f:{}", i), "parse", "bad");
  d.report(start, "f:9", "time", "none");
  EXPECT_EQ(text,
            "sz: f:0: parse: bad\nsz: f:1: parse: bad\nsz: f:2: parse: bad\nsz: f:3: parse: bad\nsz: f:4: "
            "parse: bad\n"
            "sz: f:9: time: none\n");
  text.clear();
  d.report(start + second, "f:500", "parse", "bad");
  EXPECT_EQ(text, "sz: f:500: parse: bad (+408 more)\n");
  text.clear();
  d.report(start + second, "f:501", "parse", "bad");
  d.close();
  EXPECT_EQ(text, "sz: parse (+1 more, the last at f:501)\n");
  text.clear();
  d.close();
  EXPECT_EQ(text, "");
}

TEST_F(DiagnosticsTest, SaysItWhenTheRestFallsSilent) {
  Diagnostics d(sink());
  EXPECT_EQ(d.due(), never);
  for (int i = 0; i < 5; ++i) d.report(start, "f:1", "parse", "bad");
  EXPECT_EQ(d.due(), never);
  d.report(start, "f:2", "parse", "bad");
  EXPECT_EQ(d.due(), start + second);
  text.clear();
  d.flush(start);
  EXPECT_EQ(text, "");
  d.flush(d.due());
  EXPECT_EQ(text, "sz: parse (+1 more, the last at f:2)\n");
  EXPECT_EQ(d.due(), never);
}

TEST_F(DiagnosticsTest, ForeignTextCannotReachTheTerminal) {
  Diagnostics d(sink());
  d.report(start, "a\x1B[2Jb\n:1", "la\u202Ebel", "x\x07\xC2\x9B\xFF\r");
  EXPECT_EQ(text, "sz: a\\x1B[2Jb\\n:1: la\\u{202E}bel: x\\x07\\u{009B}\\xFF\\r\n");
}

TEST_F(DiagnosticsTest, ManyLabelsAreForgottenNotHeld) {
  Diagnostics d(sink());
  for (int i = 0; i < 5000; ++i) d.report(start, "", fmt::format("label {}", i), "x");
  EXPECT_EQ(std::ranges::count(text, '\n'), 5000);
}

TEST_F(DiagnosticsTest, LettersNameLineAndStage) {
  const auto letters = dead_letters_on_stderr(sink());
  Letter letter;
  letter.kind = FailureKind::expr;
  letter.error = "no";
  letter.stage = "filter";
  letter.index = 2;
  letter.source = "-";
  letter.line.number = 12;
  letter.at = start;
  letters->write(letter);
  letter.source = "app.log";
  letter.index = 0;
  letter.stage = "input";
  letter.kind = FailureKind::parse;
  letters->write(letter);
  letters->write(letter);
  letters->close();
  EXPECT_EQ(
      text,
      "sz: stdin:12: filter (stage 2): expr: no\nsz: app.log:12: parse: no\nsz: app.log:12: parse: no\n");
  EXPECT_FALSE(letters->broken());
}

}  // namespace
}  // namespace sz::run
