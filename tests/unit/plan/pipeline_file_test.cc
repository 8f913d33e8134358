#include "plan/pipeline_file.h"

#include <string>

#include <gtest/gtest.h>

#include "plan/report.h"

namespace sz::plan {
namespace {

/// The words of a file, each in <>.
std::string words_of(std::string text) {
  const auto file = PipelineFile::parse("p.sz", std::move(text));
  if (!file) return file.error().message + " | " + file.error().shown;
  std::string all;
  for (const std::string& word : file->words()) all += "<" + word + ">";
  return all;
}

TEST(PipelineFile, EachLineIsAStep) {
  EXPECT_EQ(words_of("filter .a\nmap .b\n"), "<filter><.a><then><map><.b>");
  EXPECT_EQ(words_of("filter .a\n\n  \n\tmap .b"), "<filter><.a><then><map><.b>");
  EXPECT_EQ(words_of("filter .a\r\nmap .b\r\n"), "<filter><.a><then><map><.b>");
  EXPECT_EQ(words_of("\xEF\xBB\xBF"
                     "filter .a"),
            "<filter><.a>");
  EXPECT_EQ(words_of(""), "");
}

TEST(PipelineFile, ThenAtEitherEndOfALineIsNotDoubled) {
  EXPECT_EQ(words_of("filter .a then\nmap .b\n+ take 1"), "<filter><.a><then><map><.b><+><take><1>");
}

TEST(PipelineFile, CommentsStartAtTheStartOfAWordOutsideQuotes) {
  EXPECT_EQ(words_of("#!/usr/bin/env -S sz run\n# a\nfilter .a # b\nmap .b#c '#d' \"# e\" #f\\\ntake 1"),
            "<filter><.a><then><map><.b#c><#d><# e><then><take><1>");
}

TEST(PipelineFile, ABackslashAtTheEndOfALineGoesOn) {
  EXPECT_EQ(words_of("batch \\\n  --size 3 \\\r\n  --every 1s\ntake 1"),
            "<batch><--size><3><--every><1s><then><take><1>");
  EXPECT_EQ(words_of("fil\\\nter .a \\\n"), "<filter><.a>");
}

TEST(PipelineFile, QuotesAreThoseOfAShellWithTwoEscapes) {
  EXPECT_EQ(words_of("map '.a \\n \"x\"' \"\\\"q\\\" \\\\ \\n $HOME `x`\" a'b c'\"d\" ''"),
            "<map><.a \\n \"x\"><\"q\" \\ \\n $HOME `x`><ab cd><>");
  EXPECT_EQ(words_of("map '.a |\n  .b'\ntake 1"), "<map><.a |\n  .b><then><take><1>");
}

TEST(PipelineFile, BracketsGoOverLines) {
  EXPECT_EQ(words_of("split .ok [\n  map .a\n  take 1\n]\n[ ]\nmap .b"),
            "<split><.ok><[><map><.a><then><take><1><]><[><]><then><map><.b>");
  EXPECT_EQ(words_of("switch .a [\n]\nelse [\n filter .x ]\nmap .y"),
            "<switch><.a><[><]><else><[><filter><.x><]><then><map><.y>");
  EXPECT_EQ(words_of("switch .a [ ] .b [\n]"), "<switch><.a><[><]><.b><[><]>");
}

TEST(PipelineFile, LinesOfGlobalsComeFirst) {
  EXPECT_EQ(words_of("--time .ts --lateness 5s\n-j 2\nfilter .a\ntake 1"),
            "<--time><.ts><--lateness><5s><-j><2><filter><.a><then><take><1>");
  EXPECT_EQ(words_of("--time .ts filter .a\ntake 1"), "<--time><.ts><filter><.a><then><take><1>");
  EXPECT_EQ(words_of("--time \\\n then\nfilter .a"), "<--time><then><filter><.a>");
}

TEST(PipelineFile, InputsMayStandBehindDashes) {
  EXPECT_EQ(words_of("filter .a\n-- a.log b.log"), "<filter><.a><--><a.log><b.log>");
}

TEST(PipelineFile, WhatIsNoWordIsShownInItsLine) {
  EXPECT_EQ(words_of("filter .a\n  map 'x\ny"), "p.sz:2: this quote is never closed | map 'x");
  EXPECT_EQ(words_of("map \"x"), "p.sz:1: this double quote is never closed | map \"x");
  EXPECT_EQ(words_of("map a\\b"),
            "p.sz:1: a backslash outside quotes stands only at the end of a line | map a\\b");
  EXPECT_EQ(words_of(std::string("map\n.a\0", 7)),
            "p.sz:2: a NUL byte is no part of a pipeline | .a" + std::string(1, '\0'));
}

/// The report of an error at a word of a file, against the command line `sz run p.sz`.
std::string located(std::string text, PlanError error, std::size_t word) {
  const std::string typed[] = {"run", "p.sz"};
  const auto file = PipelineFile::parse("p.sz", std::move(text));
  return report(file->located(std::move(error), word, 1), typed);
}

TEST(PipelineFile, ErrorsAreUnderlinedInTheLine) {
  EXPECT_EQ(located("# first\n  filtr .a\n", {.message = "no", .hint = "way out"}, 0),
            "sz: p.sz:2: no\n  filtr .a\n  ^^^^^\nway out\n");
  EXPECT_EQ(located("map 'a b'", {.message = "no", .hint = {}}, 1),
            "sz: p.sz:1: no\n  map 'a b'\n      ^^^^^\n");
  EXPECT_EQ(located("map \"a\\\"bc\"", {.message = "no", .hint = {}, .offset = 2, .length = 1}, 1),
            "sz: p.sz:1: no\n  map \"a\\\"bc\"\n          ^\n");
  EXPECT_EQ(located("map '.a |\n  .b +'\n", {.message = "no", .hint = {}, .offset = 10, .length = 1}, 1),
            "sz: p.sz:2: no\n  .b +'\n     ^\n");
  EXPECT_EQ(located("map '.a |\n  .b +'\n", {.message = "no", .hint = {}}, 1),
            "sz: p.sz:1: no\n  map '.a |\n      ^^^^^\n");
}

TEST(PipelineFile, AnErrorPastTheEndOfAWordIsBehindIt) {
  EXPECT_EQ(located("map '.a +' # c", {.message = "no", .hint = {}, .offset = 4, .length = 1}, 1),
            "sz: p.sz:1: no\n  map '.a +' # c\n           ^\n");
}

TEST(PipelineFile, AnOptionOnALineOfItsOwnIsNoStep) {
  EXPECT_EQ(located("batch\n  --size 3", {.message = "no", .hint = {}}, 2),
            "sz: p.sz:2: no\n  --size 3\n  ^^^^^^\na step is one line: end the line above with \\\n");
}

}  // namespace
}  // namespace sz::plan
