#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "expr/program.h"
#include "expr/suggest.h"

// docs/jq-builtins.md against the program: what it calls there compiles, what it calls left out is refused
// with a reason, and no builtin is missing in it.

namespace sz::expr {
namespace {

struct Row {
  std::string name, state;
};

std::vector<Row> rows() {
  std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../../docs/jq-builtins.md");
  std::vector<Row> all;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3), bar = line.find(" | ", end + 4);
    all.push_back({line.substr(3, end - 3), line.substr(end + 4, bar - end - 4)});
  }
  return all;
}

// `f/2` as a call.
std::string call(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return name;
  const int arity = std::stoi(name.substr(slash + 1));
  std::string out = name.substr(0, slash);
  for (int i = 0; i < arity; ++i) out.append(i == 0 ? "(" : "; ").append(".");
  return arity == 0 ? out : out.append(")");
}

TEST(BuiltinsTable, SaysWhatThereIs) {
  const auto all = rows();
  EXPECT_GE(all.size(), 200u);
  for (const Row& row : all) {
    const std::string source =
        row.name.starts_with("path/") || row.name.starts_with("pick/") || row.name.starts_with("del/") ||
                row.name.starts_with("paths/")
            ? row.name.substr(0, row.name.find('/')) + (row.name.ends_with("/0") ? "" : "(.)")
            : call(row.name);
    const auto program = Program::compile(source);
    if (row.state == "no") {
      ASSERT_FALSE(program) << row.name;
      EXPECT_FALSE(program.error().hint.empty()) << row.name;
      EXPECT_FALSE(program.error().message.starts_with("unknown")) << row.name;
    } else {
      EXPECT_TRUE(row.state == "yes" || row.state == "differs") << row.name;
      EXPECT_TRUE(program) << row.name << ": " << (program ? "" : program.error().message);
    }
  }
}

TEST(BuiltinsTable, LeavesNoneOut) {
  std::set<std::string> named;
  for (const Row& row : rows()) named.insert(row.name);
  for (const std::string& signature : builtin_signatures())
    EXPECT_TRUE(named.contains(signature)) << signature;
}

}  // namespace
}  // namespace sz::expr
