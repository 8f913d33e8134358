#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "json/block.h"
#include "json/document.h"
#include "json/fault.h"
#include "json/line_parser.h"

namespace sz::json {
namespace {

struct Case {
  char free;  // y, n, i
  FaultCode verdict;
  std::string name;
  std::string text;
};

const std::map<std::string, FaultCode> verdicts = {
    {"accept", FaultCode::none},
    {"bad_utf8", FaultCode::bad_utf8},
    {"control_character", FaultCode::control_character},
    {"unclosed_string", FaultCode::unclosed_string},
    {"bad_escape", FaultCode::bad_escape},
    {"bad_number", FaultCode::bad_number},
    {"bad_literal", FaultCode::bad_literal},
    {"expected_value", FaultCode::expected_value},
    {"expected_key", FaultCode::expected_key},
    {"expected_colon", FaultCode::expected_colon},
    {"expected_comma", FaultCode::expected_comma},
    {"unclosed_container", FaultCode::unclosed_container},
    {"trailing_text", FaultCode::trailing_text},
    {"too_deep", FaultCode::too_deep},
};

std::string expand(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 2, "\\x") == 0) {
      out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 4;
    } else if (text.compare(i, 5, "\\rep{") == 0) {
      const std::size_t comma = text.find(',', i);
      std::size_t close = text.find('}', comma + 2);
      const int n = std::stoi(text.substr(i + 5, comma - i - 5));
      const std::string part = expand(text.substr(comma + 1, close - comma - 1));
      for (int k = 0; k < n; ++k) out += part;
      i = close + 1;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string trim(std::string s) {
  s.erase(0, s.find_first_not_of(' '));
  s.erase(s.find_last_not_of(' ') + 1);
  return s;
}

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "conformance.txt");
  for (std::string row; std::getline(in, row);) {
    if (row.empty() || row[0] == '#') continue;
    const std::size_t a = row.find('|'), b = row.find('|', a + 1), c = row.find('|', b + 1);
    const std::string verdict = trim(row.substr(a + 1, b - a - 1));
    if (!verdicts.contains(verdict)) ADD_FAILURE() << "no such verdict: " << row;
    cases.push_back(
        {row[0], verdicts.at(verdict), trim(row.substr(b + 1, c - b - 1)), expand(trim(row.substr(c + 1)))});
  }
  return cases;
}

TEST(Conformance, TableIsWhole) {
  const auto cases = read_cases();
  std::map<char, int> count;
  for (const Case& c : cases) {
    ++count[c.free];
    EXPECT_TRUE(c.free != 'y' || c.verdict == FaultCode::none) << c.name;
    EXPECT_TRUE(c.free != 'n' || c.verdict != FaultCode::none) << c.name;
  }
  EXPECT_GE(cases.size(), 318U);
  EXPECT_GE(count['y'], 95);
  EXPECT_GE(count['n'], 188);
  EXPECT_GE(count['i'], 35);
}

TEST(Conformance, Document) {
  Document document;
  for (const Case& c : read_cases()) {
    const auto result = document.parse(c.text);
    EXPECT_EQ(phrase(result ? FaultCode::none : result.error().code), phrase(c.verdict))
        << c.name << ": " << c.text.substr(0, 80);
  }
}

// Each case as a line: alone, first, in the middle, last; beside good lines and beside bad ones that make
// stage 1 refuse the block.
TEST(Conformance, Lines) {
  LineParser parser;
  const std::string good = "{\"good\":[1,\"two\",{\"three\":3}]}\n";
  const std::vector<std::string> bad = {"\"open\n",  "\"\xFF\"\n", "[1,\n",    "]\n",
                                        "{\"a\":\n", "\"\\q\"\n",  "\x1e[1]\n"};
  for (const Case& c : read_cases()) {
    if (c.text.find('\n') != std::string::npos) continue;
    const bool blank = c.text.find_first_not_of(" \t\r") == std::string::npos;
    const char want = blank ? 'b' : c.verdict == FaultCode::none ? 'v' : 'f';
    const std::string line = c.text + "\n";
    std::vector<std::pair<std::string, std::size_t>> blocks = {
        // text, which line is the case
        {line, 0},       {line + good, 0}, {good + line, 1}, {good + line + good, 1}, {"\n" + line + "\n", 1},
        {line + line, 1}};
    for (const std::string& b : bad) {
      blocks.push_back({b + line, 1});
      blocks.push_back({line + b, 0});
      blocks.push_back({b + line + good + b, 1});
    }
    for (const auto& [text, which] : blocks) {
      for (const char filler : {']', '"', '\n', '0'}) {
        const Block block(text, filler);
        std::size_t i = 0;
        each_line(parser, block, [&](const ParsedLine& parsed) {
          if (i == which) {
            ASSERT_EQ(verdict(parsed), want) << c.name << ": " << c.text.substr(0, 80);
            ASSERT_EQ(parsed.text, c.text);
            if (want == 'f') {
              ASSERT_EQ(phrase(parsed.fault.code), phrase(c.verdict)) << c.name;
            }
          }
          if (parsed.text == std::string_view(good).substr(0, good.size() - 1)) {
            ASSERT_EQ(verdict(parsed), 'v');
            ASSERT_EQ(describe(parsed.value), "{\"good\":[1,\"two\",{\"three\":3,},],}");
          }
          ++i;
        });
        if (HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace sz::json
