#include <algorithm>
#include <cmath>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "json/block.h"
#include "json/diagnose.h"
#include "json/document.h"
#include "json/generator.h"
#include "json/number.h"
#include "json/oracle.h"

namespace sz::json {
namespace {

// Where sz and an oracle may differ. Everything else is a fault of ours.
//
//   what                                  sz                  simdjson 3.0 DOM   Boost.JSON 1.81
//   integer beyond 64 bits                accepts             refuses            accepts, as double
//   number beyond the doubles, 1e400      accepts, clamped    refuses            accepts, as infinity
//   exponent of nine digits or more       accepts             accepts            refuses
//   lone surrogate escape                 accepts, U+FFFD     accepts or not     refuses
//   depth 1024                            accepts             accepts            accepts (its limit set so)
//   repeated names                        all, last counts    all                last only
//   -0                                    the double -0       integer 0          integer 0
//   doubles                               nearest             nearest            not always nearest (up to a
//   few ulp)
struct Traits {
  bool huge_number = false;    // not an integer of 64 bits, or not a finite double
  bool double_ = false;        // any number that is no 64-bit integer
  bool huge_exponent = false;  // nine digits or more
  bool negative_zero = false;
  bool lone_surrogate = false;
  bool repeated = false;
};

class Ours {
 public:
  explicit Ours(const Node& node) { visit(node); }
  std::string text;
  Traits traits;

 private:
  void string(const Node& node) {
    std::string scratch;
    const std::string_view s = node.string(scratch);
    // The generator writes no U+FFFD of its own: where one is, a lone surrogate was.
    if (s.find("\uFFFD") != std::string_view::npos) traits.lone_surrogate = true;
    append_string(text, s);
  }
  void visit(const Node& node) {
    switch (node.kind()) {
      case Kind::null:
        text += 'n';
        return;
      case Kind::boolean:
        text += node.boolean() ? 't' : 'f';
        return;
      case Kind::number: {
        const std::string_view raw = node.raw();
        const Number n = to_number(raw);
        const bool plain = raw.find_first_of(".eE") == std::string_view::npos;
        if (!n.integer) traits.double_ = true;
        if ((plain && !n.integer && raw != "-0") || std::abs(n.d) >= 1.797e308) traits.huge_number = true;
        const std::size_t e = raw.find_first_of("eE");
        if (e != std::string_view::npos && raw.size() - e > 9) traits.huge_exponent = true;
        if (raw == "-0") traits.negative_zero = true;
        text += n.integer ? number_text(static_cast<long long>(n.i)) : number_text(n.d);
        return;
      }
      case Kind::string:
        string(node);
        return;
      case Kind::array:
        text += '[';
        for (const Node element : node.elements()) {
          visit(element);
          text += ',';
        }
        text += ']';
        return;
      case Kind::object: {
        text += '{';
        std::vector<std::string> names;
        std::string scratch;
        for (const auto& [key, value] : node.members()) {
          names.emplace_back(key.string(scratch));
          string(key);
          text += ':';
          visit(value);
          text += ',';
        }
        text += '}';
        std::ranges::sort(names);
        if (std::ranges::adjacent_find(names) != names.end()) traits.repeated = true;
        return;
      }
    }
  }
};

void compare(std::string_view text, const std::expected<Node, Fault>& result) {
  const bool accepted = result.has_value();
  const Fault fault = diagnose(text);
  ASSERT_EQ(accepted, !fault) << "our second reader: " << phrase(fault.code) << "\n" << text;
  const auto dom = simdjson_dom(text);
  if (!accepted) {
    ASSERT_EQ(result.error().code, fault.code);
    ASSERT_FALSE(dom) << text;
    ASSERT_FALSE(boost_accepts(text)) << text;
    return;
  }
  const Ours ours(*result);
  if (dom) {
    if (!ours.traits.negative_zero && !ours.traits.lone_surrogate) {
      ASSERT_EQ(*dom, ours.text) << text;
    }
  } else {
    ASSERT_TRUE(ours.traits.huge_number || ours.traits.lone_surrogate) << text;
  }
  if (!boost_accepts(text)) {
    ASSERT_TRUE(ours.traits.lone_surrogate || ours.traits.huge_exponent) << text;
  } else if (!ours.traits.repeated && !ours.traits.double_) {
    const auto boost = boost_value(text);
    ASSERT_TRUE(boost) << text;
    ASSERT_EQ(*boost, ours.text) << text;
  }
}

TEST(Differential, GeneratedDocuments) {
  Generator g(1);
  Document document;
  for (int i = 0; i < 100000; ++i) {
    const std::string text = g.document(4);
    const auto result = document.parse(text);
    ASSERT_TRUE(result) << text;
    compare(text, result);
    if (HasFatalFailure()) return;
  }
}

TEST(Differential, MutatedDocuments) {
  Generator g(2);
  Document document;
  int accepted = 0;
  for (int i = 0; i < 300000; ++i) {
    const std::string text = g.mutate(g.document(3));
    const auto result = document.parse(text);
    accepted += result.has_value();
    compare(text, result);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(accepted, 30000);
  EXPECT_LT(accepted, 200000);
}

// A line is worth the same whatever lines share its block: good ones only, any mix, cut anywhere.
TEST(Differential, LinesInAnyCompany) {
  Generator g(3);
  Document document;
  LineParser parser;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> lines;
    const std::size_t damage = g.below(4) == 0 ? 0 : 1 + g.below(20);
    for (std::size_t n = 1 + g.below(40); n != 0; --n) {
      std::string line = g.document(3);
      if (damage != 0 && g.below(damage) == 0) line = g.mutate(line);
      if (g.below(30) == 0) line.clear();
      if (g.below(60) == 0) line.insert(0, 1, '\x1e');
      std::erase(line, '\n');
      lines.push_back(line);
    }
    for (const std::size_t share : {std::size_t{1}, std::size_t{2}, std::size_t{7}, lines.size()}) {
      for (std::size_t from = 0; from < lines.size(); from += share) {
        const std::size_t to = std::min(from + share, lines.size());
        std::string text;
        for (std::size_t i = from; i < to; ++i) text += lines[i] + "\n";
        const Block block(text, "]}\",0\n"[g.below(6)]);
        std::vector<ParsedLine> parsed;
        each_line(parser, block, [&](const ParsedLine& line) { parsed.push_back(line); });
        ASSERT_EQ(parsed.size(), to - from);
        for (std::size_t i = from; i < to; ++i) {  // only now: all lines of the block must still be readable
          const ParsedLine& line = parsed[i - from];
          const std::string_view bare = std::string_view(lines[i]).substr(
              std::min(lines[i].find_first_not_of('\x1e'), lines[i].size()));
          ASSERT_EQ(line.text, bare);
          const auto alone = document.parse(bare);
          if (bare.find_first_not_of(" \t\r") == std::string_view::npos) {
            ASSERT_TRUE(line.blank());
          } else if (alone) {
            ASSERT_EQ(verdict(line), 'v') << bare;
            ASSERT_EQ(describe(line.value), describe(*alone));
            ASSERT_EQ(line.value.raw(), alone->raw());
          } else {
            ASSERT_EQ(verdict(line), 'f') << bare;
            ASSERT_EQ(line.fault.code, alone.error().code);
            ASSERT_EQ(line.fault.offset, alone.error().offset);
          }
        }
      }
    }
  }
}

// field() against a plain search through the members; compact and canonical forms against what they are made
// from.
TEST(Differential, FieldsAndForms) {
  Generator g(4);
  Document document, again;
  for (int i = 0; i < 50000; ++i) {
    const std::string text = g.document(4);
    const Node node = *document.parse(text);
    std::string scratch, form;
    if (node.kind() == Kind::object) {
      for (const auto& [key, value] : node.members()) {
        const std::string name(key.string(scratch));
        std::uint32_t last = 0;
        for (const auto& [other, its] : node.members()) {
          if (other.string(scratch) == name) last = its.slot();
        }
        const auto found = node.field(Key(name));
        ASSERT_TRUE(found) << text;
        ASSERT_EQ(found->slot(), last) << text;
      }
      ASSERT_FALSE(node.field(Key("no such name"))) << text;
    }
    append_canonical(form, node);
    std::string compact, canonical;
    append_compact(compact, node);
    const auto reread = again.parse(compact);
    ASSERT_TRUE(reread) << compact;
    append_canonical(canonical, *reread);
    ASSERT_EQ(canonical, form) << text;
    const auto fixed = again.parse(form);
    ASSERT_TRUE(fixed) << form;
    canonical.clear();
    append_canonical(canonical, *fixed);
    ASSERT_EQ(canonical, form) << text;
  }
}

}  // namespace
}  // namespace sz::json
