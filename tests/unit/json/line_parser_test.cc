#include "json/line_parser.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "json/block.h"

namespace sz::json {
namespace {

std::string verdicts(std::string_view lines) {
  LineParser parser;
  std::string out;
  each_line(parser, Block(lines), [&](const ParsedLine& line) { out += verdict(line); });
  return out;
}

TEST(LineParser, Verdicts) {
  EXPECT_EQ(verdicts(""), "");
  EXPECT_EQ(verdicts("\n"), "b");
  EXPECT_EQ(verdicts(" \t\r\n\n1\n"), "bbv");
  EXPECT_EQ(verdicts("{}\n[]\n\"\"\n0\ntrue\n"), "vvvvv");
  EXPECT_EQ(verdicts("{}\r\n\r\n[1]\r\n"), "vbv");
  EXPECT_EQ(verdicts("  {}  \n"), "v");
}

TEST(LineParser, ValueMustNotSpanLines) {
  EXPECT_EQ(verdicts("[1,\n2]\n"), "ff");
  EXPECT_EQ(verdicts("[1\n,2]\n[3]\n"), "ffv");
  EXPECT_EQ(verdicts("{\"a\":\n1}\n{\"a\":1}\n"), "ffv");
  EXPECT_EQ(verdicts("[\n]\n"), "ff");
  EXPECT_EQ(verdicts("[[[\n]]]\n1\n"), "ffv");
  EXPECT_EQ(verdicts("{\"a\"\n:1}\n"), "ff");
  EXPECT_EQ(verdicts("[\n\n\n]\n"), "fbbf");
  EXPECT_EQ(verdicts("[1]\n]\n[1\n]\n[1]\n"), "vfffv");
}

TEST(LineParser, BadLineCostsNoOther) {
  EXPECT_EQ(verdicts("1\n\"open\n2\n"), "vfv");
  EXPECT_EQ(verdicts("1\nopen\"\n2\n\"x\"\n"), "vfvv");
  EXPECT_EQ(verdicts("1\n\"\xff\"\n2\n"), "vfv");
  EXPECT_EQ(verdicts("1\n\"\x01\"\n2\n"), "vfv");
  EXPECT_EQ(verdicts("1\n\"a\\\n\"b\"\n"), "vfv");
  EXPECT_EQ(verdicts("1\n\xe2\n\x82\xac\n2\n"), "vffv");
  EXPECT_EQ(verdicts("\"a\\\\\\\"\n\"b\"\n"), "fv");
}

TEST(LineParser, RestWithoutLineEndIsNoLine) {
  EXPECT_EQ(verdicts("[1]"), "");
  EXPECT_EQ(verdicts("[1]\n[2]"), "v");
  EXPECT_EQ(verdicts("1\n\"open"), "v");
}

// A walk that runs on through later lines must not be repeated from each of them: this takes minutes if it
// is.
TEST(LineParser, TimeIsLinear) {
  std::string opened, inside;
  for (int i = 0; i < 1000; ++i) opened += "[\n";
  for (int i = 0; i < 300000; ++i) inside += "0,\n";
  EXPECT_EQ(verdicts(opened + inside).find_first_not_of('f'), std::string::npos);
  std::string closed;
  for (int i = 0; i < 1000; ++i) closed += "]";
  EXPECT_EQ(verdicts(opened + inside + "0" + closed + "x\n").find_first_not_of('f'), std::string::npos);
  EXPECT_EQ(verdicts(opened + inside + "0" + closed + "\n").find_first_not_of('f'), std::string::npos);
}

TEST(LineParser, RecordSeparator) {
  LineParser parser;
  std::vector<std::string> texts;
  std::string out;
  each_line(parser,
            Block("\x1e{\"a\":1}\n\x1e"
                  "2\n\x1e\n\x1e\x1e\"x\"\n\x1e true \n3\n\x1e{\n\x1e[1\n[1]\n\x1e\"\\u0041\"\n[\x1e]\n"),
            [&](const ParsedLine& line) {
              out += verdict(line);
              texts.emplace_back(line.text);
            });
  EXPECT_EQ(out, "vvbvvvffvvf");
  EXPECT_EQ(texts[0], "{\"a\":1}");
  EXPECT_EQ(texts[1], "2");
  EXPECT_EQ(texts[2], "");
  EXPECT_EQ(texts[3], "\"x\"");
  EXPECT_EQ(texts[4], " true ");
  EXPECT_EQ(texts[10], "[\x1e]");
}

TEST(LineParser, TextAndPosition) {
  LineParser parser;
  const Block block(" {\"a\" : 1}\r\n\n[2]\n");
  block.open(parser);
  ParsedLine line;
  EXPECT_EQ(parser.position(), 0U);
  ASSERT_TRUE(parser.next(line));
  EXPECT_EQ(line.text, " {\"a\" : 1}\r");
  EXPECT_EQ(line.value.raw(), "{\"a\" : 1}");
  EXPECT_EQ(parser.position(), 12U);
  ASSERT_TRUE(parser.next(line));
  EXPECT_TRUE(line.blank());
  EXPECT_EQ(parser.position(), 13U);
  ASSERT_TRUE(parser.next(line));
  EXPECT_EQ(line.value.raw(), "[2]");
  EXPECT_EQ(parser.position(), 17U);
  EXPECT_FALSE(parser.next(line));
  EXPECT_FALSE(parser.next(line));
}

TEST(LineParser, FaultSaysWhere) {
  LineParser parser;
  std::vector<Fault> faults;
  each_line(parser, Block("[1,x]\n{\"a\":01}\n[\"\\q\"]\n[1] 2\n"),
            [&](const ParsedLine& line) { faults.push_back(line.fault); });
  ASSERT_EQ(faults.size(), 4U);
  EXPECT_EQ(faults[0].code, FaultCode::bad_literal);
  EXPECT_EQ(faults[0].offset, 3U);
  EXPECT_EQ(faults[1].code, FaultCode::bad_number);
  EXPECT_EQ(faults[1].offset, 5U);
  EXPECT_EQ(faults[2].code, FaultCode::bad_escape);
  EXPECT_EQ(faults[2].offset, 2U);
  EXPECT_EQ(faults[3].code, FaultCode::trailing_text);
  EXPECT_EQ(faults[3].offset, 4U);
}

// Nodes of all lines stay readable until the next open(), whichever way their line was indexed.
TEST(LineParser, NodesOutliveLaterLines) {
  LineParser parser;
  for (const char* disturbance : {"", "\"open\n", "\x1e[0]\n", "[1,\n", "\n\n"}) {
    std::string lines;
    for (int i = 0; i < 300; ++i) {
      lines += "{\"n\":" + std::to_string(i) + ",\"s\":\"\\u0041 " + std::to_string(i) + "\",\"a\":[[" +
               std::to_string(i) + "]]}\n";
      lines += disturbance;
    }
    const Block block(lines);
    std::vector<Node> nodes;
    each_line(parser, block, [&](const ParsedLine& line) {
      if (line.value.valid() && line.value.kind() == Kind::object) nodes.push_back(line.value);
    });
    ASSERT_EQ(nodes.size(), 300U);
    for (int i = 0; i < 300; ++i) {
      const std::string n = std::to_string(i);
      ASSERT_EQ(describe(nodes[static_cast<std::size_t>(i)]),
                "{\"n\":" + n + ",\"s\":\"A " + n + "\",\"a\":[[" + n + ",],],}");
    }
  }
}

TEST(LineParser, ReopenShrinkGrow) {
  LineParser parser;
  for (const std::size_t n : {1U, 5000U, 2U, 20000U, 3U, 0U, 4U}) {
    std::string lines;
    for (std::size_t i = 0; i < n; ++i) lines += "{\"a\":[\"\\n\",{}]}\n";
    for (const std::string& text : {lines, lines + "\"open\n"}) {
      std::size_t good = 0;
      each_line(parser, Block(text), [&](const ParsedLine& line) {
        good += line.value.valid() && describe(line.value) == "{\"a\":[\"\\n\",{},],}";
      });
      ASSERT_EQ(good, n);
    }
  }
}

TEST(LineParser, LongLine) {
  std::string line = "[";
  for (int i = 0; i < 400000; ++i) line += "\"text\\n\",";
  line += "0]\n";
  EXPECT_EQ(verdicts(line + line), "vv");
  EXPECT_EQ(verdicts(line + "\"open\n" + line), "vfv");
}

TEST(LineParser, UsualLine) {
  const std::vector<std::string> usual = {"{}", "[1,{\"a\":[\"\\n\"]}]", "{\"a\":1}\r"};
  const std::vector<std::string> other = {"7",  " {}",       "[] ",  "",         "\x1e{}",
                                          "[1", "{\"a\" 1}", "[\n]", "[\"\\x\"]"};
  LineParser parser;
  std::string_view text;
  Node value;
  EXPECT_FALSE(parser.next_usual(text, value));
  for (const std::string& line : usual) {
    const Block block(line + "\n");
    block.open(parser);
    ASSERT_TRUE(parser.next_usual(text, value)) << line;
    EXPECT_EQ(text, line);
    EXPECT_TRUE(value.valid());
    EXPECT_EQ(parser.position(), line.size() + 1);
    ParsedLine none;
    EXPECT_FALSE(parser.next_usual(text, value));
    EXPECT_FALSE(parser.next_other(none));
    // The long way gives the same.
    block.open(parser);
    ParsedLine same;
    ASSERT_TRUE(parser.next_other(same));
    EXPECT_EQ(same.text, line);
    ASSERT_TRUE(same.value.valid());
    std::string a, b;
    describe(a, same.value);
    block.open(parser);
    ASSERT_TRUE(parser.next_usual(text, value));
    describe(b, value);
    EXPECT_EQ(a, b);
  }
  for (const std::string& line : other) {
    const Block block(line + "\n{}\n");
    block.open(parser);
    EXPECT_FALSE(parser.next_usual(text, value)) << line;
    EXPECT_EQ(parser.position(), 0U) << line;
    ParsedLine parsed;
    ASSERT_TRUE(parser.next_other(parsed));
    EXPECT_EQ(parser.position(), std::min(line.find('\n'), line.size()) + 1) << line;
  }
}

TEST(LineParser, Moves) {
  LineParser first;
  const Block block("[1]\n[2]\n");
  block.open(first);
  ParsedLine line;
  ASSERT_TRUE(first.next(line));
  const Node node = line.value;
  LineParser second = std::move(first);
  ASSERT_TRUE(second.next(line));
  EXPECT_EQ(node.raw(), "[1]");
  EXPECT_EQ(line.value.raw(), "[2]");
}

}  // namespace
}  // namespace sz::json
