#include "stages/command_line.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "json/document.h"
#include "stages/shell_words.h"

namespace sz {
namespace {

using Texts = std::vector<std::string>;

Texts words(std::string_view text) {
  const auto split = split_shell_words(text);
  if (!split) return {"! " + split.error().message};
  Texts all;
  for (const ShellWord& word : *split) all.push_back(word.text);
  return all;
}

TEST(ShellWords, SplitsAsAShellDoes) {
  EXPECT_EQ(words("a  b\tc\nd"), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(words(R"(a'b c'"d e"f\ g)"), (Texts{"ab cd ef g"}));
  EXPECT_EQ(words(R"('' "")"), (Texts{"", ""}));
  EXPECT_EQ(words(R"('\n$x"')"), (Texts{R"(\n$x")"}));
  EXPECT_EQ(words(R"("\$ \` \" \\ \n")"), (Texts{R"($ ` " \ \n)"}));
  EXPECT_EQ(words("a\\\nb \"c\\\nd\""), (Texts{"ab", "cd"}));
  EXPECT_EQ(words(R"(\a \' \")"), (Texts{"a", "'", "\""}));
  EXPECT_EQ(words("  "), Texts{});
}

TEST(ShellWords, NothingIsExpanded) {
  EXPECT_EQ(words("$HOME * ~ `x` #c a|b a&b 'x;'"),
            (Texts{"$HOME", "*", "~", "`x`", "#c", "a|b", "a&b", "x;"}));
}

TEST(ShellWords, AnOperatorThatNoShellReadsIsRefused) {
  for (const char* text : {"a | b", "a > b", "a && b", "a ; b", "a &", "a 2>&1", "a < b"})
    EXPECT_EQ(words(text).front().substr(0, 2), "! ") << text;
  EXPECT_EQ(words("a '|' \">\" \\;"), (Texts{"a", "|", ">", ";"}));
}

TEST(ShellWords, WhatHasNoEndIsRefused) {
  for (const char* text : {"'", "a 'b", "\"", "\"a\\\"", "a\\"})
    EXPECT_EQ(words(text).front().substr(0, 2), "! ") << text;
}

std::string refused(std::string_view text) {
  const auto line = CommandLine::parse(text);
  return line ? "" : line.error().message;
}

TEST(CommandLine, NoRecordMayNameWhatAShellRuns) {
  for (const char* text :
       {"sh -c {.a}", "sh -c 'echo {.a}'", "/bin/bash -lc {.a}", "bash -o pipefail -c {.a}",
        "bash -c -x {.a}", "zsh -ec {.a}", "env X=1 sh -c {.a}", "su {.u} -c id", "su - root -c {.a}",
        "sh {.script}", "sh -x {.script}", "fish --command {.a}", "fish --command={.a}",
        "timeout 5 dash -c x{.a}", "busybox sh -c {.a}", "sh {.flag} -c 'x'", "nice -n 5 ksh -c \"{.a}\""})
    EXPECT_NE(refused(text), "") << text;
  for (const char* text : {"sh -c 'echo \"$1\"' sh {.a}", "sh script.sh {.a}", "bash -x script {.a}",
                           "echo {.a}", "sh -c 'awk {{print}}'", "grep -c {.a}", "env X={.a} cmd"})
    EXPECT_EQ(refused(text), "") << text;
}

TEST(CommandLine, NoRecordMayNameTheProgram) {
  EXPECT_NE(refused("{.a}"), "");
  EXPECT_NE(refused("/bin/{.a} x"), "");
  EXPECT_EQ(refused("{{.a} x"), "");
}

TEST(CommandLine, BracesOfOtherLanguagesStay) {
  EXPECT_EQ(CommandLine::parse("awk '{print $1}'")->words(), (Texts{"awk", "{print $1}"}));
  EXPECT_EQ(CommandLine::parse("x '{\"a\":1}' '{}'")->words(), (Texts{"x", "{\"a\":1}", "{}"}));
  EXPECT_NE(refused("x {.5}"), "");
  EXPECT_NE(refused("x {.a b}"), "");
  EXPECT_NE(refused("x {.a | y}"), "");
  EXPECT_NE(refused("x {.[]}"), "");
}

TEST(CommandLine, AScriptKeepsEveryByte) {
  const auto line = CommandLine::script("awk '{{print}}' \\x  '");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->words(), (Texts{"/bin/sh", "-c", "awk '{{print}}' \\x  '"}));
  EXPECT_TRUE(CommandLine::script("{ . ./file; }; x ${.sh"));
  EXPECT_FALSE(CommandLine::script("echo \"{.a}\""));
}

TEST(RecordPath, FindsNamesAndIndexes) {
  json::Document document;
  const auto record =
      document.parse(R"({"a":{"b":[1,[2,3]],"":4},"x y":5,"é\"":6,"a":{"b":[7,[8,9]],"_1":0}})");
  ASSERT_TRUE(record);
  const auto find = [&](std::string_view text) -> std::string {
    std::size_t end = 0;
    const auto path = RecordPath::parse(text, end);
    if (!path || end != text.size()) return "wrong";
    const auto found = path->find(*record);
    return found ? std::string(found->raw()) : "missing";
  };
  EXPECT_EQ(find(".a.b[0]"), "7") << "the last of equal names counts";
  EXPECT_EQ(find(".a[\"b\"][-1][1]"), "9");
  EXPECT_EQ(find(".[\"a\"].b[1][-2]"), "8");
  EXPECT_EQ(find(".\"x y\""), "5");
  EXPECT_EQ(find(".[\"\\u00e9\\\"\"]"), "6");
  EXPECT_EQ(find(".a.b[2]"), "missing");
  EXPECT_EQ(find(".a.b[-3]"), "missing");
  EXPECT_EQ(find(".a.b.c"), "missing");
  EXPECT_EQ(find(".a[0]"), "missing");
  EXPECT_EQ(find(".a.b[0].c"), "missing");
  EXPECT_EQ(find(".a?._1?"), "0");
  for (const char* text : {"", "a", ".a.", ".a..b", ".[x]", ".[1", ".[\"a]", ".a[1.5]", ".1", "..", ".[1:2]",
                           ".[99999999999999999999]", ".a-b"})
    EXPECT_EQ(find(text), "wrong") << text;
}

}  // namespace
}  // namespace sz
