#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "expr/native.h"
#include "expr/parser.h"
#include "expr/program.h"
#include "expr/suggest.h"
#include "json/document.h"

// Runs tests/golden/expr/*.txt on both evaluators. A case is
//   > program
//   < input                 (null if missing)
//   output lines, then maybe
//   ! runtime error
// or, for a program that does not compile,
//   ? offset+length message
//   ~ hint
// ended by a blank line; # starts a comment line. `now` is 2023-11-14T22:13:20Z.
//
// With SZ_REFILL=FILE.txt (or `all`) what the programs give now is written into the files: read the diff.

namespace sz::expr {
namespace {

struct Case {
  std::string where, program, input = "null";
  std::vector<std::string> expected;
};

std::filesystem::path folder() { return std::filesystem::path(__FILE__).parent_path() / "../../golden/expr"; }

std::vector<Case> load() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream in(entry.path());
    std::string line;
    bool open = false;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.starts_with("> ")) {
        cases.push_back(
            {entry.path().filename().string() + ":" + std::to_string(number), line.substr(2), "null", {}});
        open = true;
      } else if (line.empty()) {
        open = false;
      } else if (open && line.starts_with("< ")) {
        cases.back().input = line.substr(2);
      } else if (open) {
        cases.back().expected.push_back(line);
      }
    }
  }
  return cases;
}

const Time now = Time::from_ns(Time::Wide{1'700'000'000} * 1'000'000'000);

std::vector<std::string> run(const Case& c, const Settings& settings) {
  auto program = Program::compile(c.program, settings);
  if (!program) {
    const SyntaxError& e = program.error();
    EXPECT_LE(e.offset + e.length, c.program.size()) << c.where;
    std::vector<std::string> out{"? " + std::to_string(e.offset) + "+" + std::to_string(e.length) + " " +
                                 e.message};
    if (!e.hint.empty()) out.push_back("~ " + e.hint);
    return out;
  }
  json::Document document;
  const auto node = document.parse(c.input);
  EXPECT_TRUE(node) << c.where;
  if (!node) return {};
  const auto rendered = program->render(*node, now);
  if (!rendered) {
    EXPECT_FALSE(program->outputs(*node, now)) << c.where;
    return {"! " + rendered.error()};
  }
  std::vector<std::string> out;
  std::vector<bool> nodes;
  for (const Rendered& r : *rendered) {
    out.emplace_back(r.text);
    nodes.push_back(r.node.valid());
  }
  // The other ways to ask agree.
  const auto values = program->outputs(*node, now);
  EXPECT_TRUE(values) << c.where;
  if (!values) return out;
  EXPECT_EQ(values->size(), out.size()) << c.where;
  bool truthy = false;
  std::vector<std::string> canonical;
  for (std::size_t i = 0; i < values->size() && i < out.size(); ++i) {
    std::string text;
    (*values)[i].append_json(text);
    EXPECT_EQ(text, out[i]) << c.where;
    EXPECT_EQ((*values)[i].is_node(), nodes[i]) << c.where;
    truthy = truthy || (*values)[i].is_truthy();
    // What is printed parses, and its canonical form is the value's.
    json::Document again;
    const auto parsed = again.parse(out[i]);
    EXPECT_TRUE(parsed) << c.where << ": " << out[i];
    if (!parsed) continue;
    std::string a, b;
    (*values)[i].append_canonical(a);
    Value::of(*parsed).append_canonical(b);
    EXPECT_EQ(a, b) << c.where;
  }
  const auto kept = program->truthy(*node, now);
  EXPECT_TRUE(kept && *kept == truthy) << c.where;
  const auto first = program->value(*node, now);
  EXPECT_TRUE(first) << c.where;
  if (first) {
    std::string text;
    first->append_json(text);
    EXPECT_EQ(text, out.empty() ? "null" : out[0]) << c.where;
  }
  return out;
}

void refill(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line, out;
  std::optional<Case> c;
  const auto flush = [&] {
    if (!c) return;
    for (const std::string& l : run(*c, {})) out += l + "\n";
    c.reset();
  };
  while (std::getline(in, line)) {
    if (line.starts_with("> ")) {
      flush();
      c = Case{file.filename().string(), line.substr(2), "null", {}};
    } else if (c && line.starts_with("< ")) {
      c->input = line.substr(2);
    } else if (line.empty()) {
      flush();
    } else if (c) {
      continue;
    }
    out += line + "\n";
  }
  flush();
  in.close();
  std::ofstream(file) << out;
}

TEST(Golden, BothEvaluatorsGiveWhatIsWritten) {
  if (const char* which = std::getenv("SZ_REFILL"))
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
      if (std::string(which) == "all" || entry.path().filename() == which) refill(entry.path());
  const auto cases = load();
  EXPECT_GE(cases.size(), 400u);
  std::size_t direct = 0;
  for (const Case& c : cases) {
    Settings machine;
    machine.direct = false;
    EXPECT_EQ(run(c, {}), c.expected) << c.where << ": " << c.program;
    EXPECT_EQ(run(c, machine), c.expected) << c.where << ": " << c.program << " (machine)";
    const auto program = Program::compile(c.program);
    if (program && program->direct()) ++direct;
  }
  EXPECT_GE(direct, 150u);
}

// What a program calls, as NAME/ARITY, formats as @NAME.
void calls(const Expr* e, std::set<std::string>& out) {
  if (e == nullptr) return;
  if (e->type == Expr::Type::call) out.insert(e->text + "/" + std::to_string(e->kids.size()));
  if (e->type == Expr::Type::format || e->type == Expr::Type::interpolation) out.insert(e->text);
  for (const ExprPtr& k : e->kids) calls(k.get(), out);
}

TEST(Golden, HasEveryBuiltinAndOperator) {
  std::set<std::string> called;
  std::string all;
  for (const Case& c : load()) {
    all += c.program + '\n';
    if (const auto tree = parse(c.program)) calls(tree->get(), called);
  }
  for (const std::string& signature : builtin_signatures())
    EXPECT_TRUE(called.contains(signature)) << signature;
  for (const Native& n : natives())
    EXPECT_TRUE(n.name[0] != '@' || called.contains(std::string(n.name))) << n.name;
  for (const char* text :
       {"|",        ",",    "//",     "|=",    "+=",      "-=",    "*=",      "/=",       "%=",   "//=",
        "==",       "!=",   "<",      "<=",    ">",       ">=",    "+",       "-",        "*",    "/",
        "%",        " or ", " and ",  "..",    "?",       "?//",   "reduce ", "foreach ", "def ", "label ",
        "break $",  "try ", "catch ", "elif ", "import ", "input", " as [",   " as {",    "\\(",  "@json \"",
        "$__loc__", "$ENV", "[1:]",   "[:-1]", ".[-1]",   ".\"",   "limit(",  "# ",       "{(",   "{$"})
    EXPECT_NE(all.find(text), std::string::npos) << text;
}

}  // namespace
}  // namespace sz::expr
