#include "run/letter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base64.h"

namespace sz::run {
namespace {

using namespace std::string_literals;

constexpr Time noon = Time::from_ns(Time::Wide{1'714'564'800'250} * 1'000'000);

Letter sample() {
  Letter letter;
  letter.kind = FailureKind::expr;
  letter.error = "cannot index number with \"a\"";
  letter.stage = "filter";
  letter.index = 2;
  letter.source = "app.log";
  letter.line = {.source = 0, .number = 12, .offset = 340, .bytes = 7, .text = "{\"a\":1}"};
  letter.record = "{\"a\":1}";
  letter.at = noon;
  return letter;
}

std::string written(const Letter& letter) {
  std::string out;
  LetterWriter("00000000000000ff").append(out, letter);
  return out;
}

/// What stands behind the error.
std::string tail(const Letter& letter) {
  const std::string out = written(letter);
  const std::string error = "\"error\":\"cannot index number with \\\"a\\\"\"";
  const std::size_t at = out.find(error);
  return at == std::string::npos ? "no error in " + out : out.substr(at + error.size());
}

TEST(Letter, HasTheFieldsOfTheContract) {
  EXPECT_EQ(
      written(sample()),
      R"({"v":1,"id":"00000000000000ff-1","ts":"2024-05-01T12:00:00.25Z","run":"00000000000000ff","src":"app.log",)"
      R"("line":12,"offset":340,"bytes":7,"stage":"filter","index":2,"kind":"expr",)"
      R"("error":"cannot index number with \"a\"","original":"{\"a\":1}"})"
      "\n");
}

TEST(Letter, SaysHowACommandEnded) {
  Letter letter = sample();
  letter.exit = 75;
  letter.tap = true;
  letter.stderr_tail = "\xA9two\x1b\n\xFF";
  EXPECT_EQ(tail(letter),
            ",\"exit\":75,\"stderr\":\"two\\u001b\\n\uFFFD\",\"original\":\"{\\\"a\\\":1}\",\"tap\":true}\n");
  letter.exit.reset();
  letter.signal = 9;
  letter.stderr_tail = {};
  letter.tap = false;
  EXPECT_EQ(tail(letter), ",\"signal\":9,\"original\":\"{\\\"a\\\":1}\"}\n");
}

TEST(Letter, IdsCount) {
  LetterWriter writer("0123456789abcdef");
  std::string out;
  writer.append(out, sample());
  writer.append(out, sample());
  EXPECT_NE(out.find(R"("id":"0123456789abcdef-1")"), std::string::npos);
  EXPECT_NE(out.find(R"("id":"0123456789abcdef-2")"), std::string::npos);
}

struct Case {
  const char* name;
  std::string original;
  std::uint64_t bytes;
  std::string record;
  std::string tail;
};

const std::vector<Case> cases = {
    {"same record but for space", " {\"a\":1}\r", 9, "{\"a\":1}", R"(,"original":" {\"a\":1}\r"})"},
    {"other record as it is", "[1.10]", 6, "1.10", R"(,"original":"[1.10]","record":1.10})"},
    {"no record", "{", 1, "", R"(,"original":"{"})"},
    {"not UTF-8", "\"\xFF\"", 3, "", R"(,"original_b64":"Iv8i"})"},
    {"NUL", "a\0b"s, 3, "", R"(,"original":"a\u0000b"})"},
    {"truncated", "ab", 70'000'000, "", R"(,"original":"ab","truncated":true})"},
    {"truncated inside a character", "a\xE2\x82", 9, "", R"(,"original":"a","truncated":true})"},
    {"truncated behind a character", "a\xE2\x82\xAC", 9, "",
     ","
     R"("original":"a)"
     "\xE2\x82\xAC"
     R"(","truncated":true})"},
    {"truncated and not UTF-8",
     "\xFF"
     "a",
     9, "", R"(,"original_b64":"/2E=","truncated":true})"},
    {"an empty line has an original", "", 0, "", R"(,"original":""})"},
    {"original not kept", "", 5, "", "}"},
    {"record that is no JSON", "x", 1, "{\"a\":tru}", R"(,"original":"x","record_b64":"eyJhIjp0cnV9"})"},
    {"record that would break out", "x", 1, "1],[2", R"(,"original":"x","record_b64":"MV0sWzI="})"},
    {"record with a line end", "x", 1, "[1,\n2]", R"(,"original":"x","record_b64":"WzEsCjJd"})"},
};

TEST(Letter, OriginalAndRecord) {
  for (const Case& c : cases) {
    Letter letter = sample();
    letter.line.text = c.original;
    letter.line.bytes = c.bytes;
    letter.record = c.record;
    EXPECT_EQ(tail(letter), c.tail + "\n") << c.name;
  }
}

TEST(Letter, ARecordAsDeepAsJsonMayBeDoesNotMakeTheLetterTooDeep) {
  for (const std::size_t depth : {json::max_depth - 1, json::max_depth}) {
    Letter letter = sample();
    const std::string record = std::string(depth, '[') + std::string(depth, ']');
    letter.record = record;
    const std::string line = written(letter);
    json::Document document;
    EXPECT_TRUE(document.parse(line)) << depth;
    EXPECT_EQ(line.contains("record_b64"), depth == json::max_depth);
  }
}

TEST(Letter, Groups) {
  Letter letter = sample();
  letter.record = "[1,2]";
  letter.group = 7;
  EXPECT_EQ(tail(letter), ",\"original\":\"{\\\"a\\\":1}\",\"record\":[1,2],\"group\":7}\n");
  letter.first_of_group = false;
  EXPECT_EQ(tail(letter), ",\"original\":\"{\\\"a\\\":1}\",\"group\":7}\n");
}

TEST(Letter, WhatAppliesToFewOnly) {
  Letter letter = sample();
  letter.torn = letter.tap = true;
  EXPECT_EQ(tail(letter), ",\"original\":\"{\\\"a\\\":1}\",\"truncated\":true,\"tap\":true}\n");
  letter = sample();
  letter.line.text = {};
  letter.count = 40;
  letter.last.number = 60;
  letter.record = "{\"n\":40}";
  EXPECT_EQ(tail(letter), ",\"record\":{\"n\":40},\"lines\":[12,60],\"count\":40}\n");
}

TEST(Letter, ForeignTextStaysInsideItsString) {
  Letter letter = sample();
  letter.source = "a\"\n\x1B[31m\xFF";
  letter.stage = "s\"";
  letter.error = "}\n{\"v\":1}";
  const std::string line = written(letter);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\x1B'), std::string::npos);
  json::Document document;
  EXPECT_TRUE(document.parse(line));
}

TEST(Base64, ThereAndBack) {
  const std::vector<std::pair<std::string, std::string>> vectors = {// RFC 4648, section 10
                                                                    {"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"},
                                                                    {"\xFF\xFE\0"s, "//4A"}};
  for (const auto& [bytes, text] : vectors) {
    std::string out;
    append_base64(out, bytes);
    EXPECT_EQ(out, text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  for (const char* wrong : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Z g=", "-_8="})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

}  // namespace
}  // namespace sz::run
