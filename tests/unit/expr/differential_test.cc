#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "expr/program.h"
#include "json/document.h"

#ifndef __clang__
#pragma GCC diagnostic ignored \
    "-Wrestrict"  // GCC 12 sees an overlap in "text" + std::string where none is (GCC bug 105651)
#endif

// Random programs of the first tier on random documents, against the installed jq and gojq. One process a
// program, fed all documents. Every program is wrapped as `try [P] catch {E: .}`, so that outputs, errors and
// their words show as one line.
//
// SZ_DIFFERENTIAL=N sets the number of programs (each on 20 documents), SZ_SEED the seed.
//
// What differs on purpose, and how the generator or the comparison keeps it out:
//   jq 1.6 keeps no digits and no integers beyond 2^53         no such numbers are made
//   jq 1.6 cuts values in messages after 11 bytes, newer ones after 26   messages are compared up to the
//   first "(" jq 1.6 lists `|= empty` wrongly for arrays                  right sides of |= always have an
//   output jq 1.6 takes `"a" | ltrimstr(1)` for no change              arguments of string functions are
//   strings jq 1.6 words errors of tonumber, ascii_downcase and explode otherwise   only the fact of an error
//   counts jq 1.6 divides by a constant zero at compile time           divisors are never the constant 0
//   jq 1.6 from_entries, limit(0), repeat, error(null)          not made
//   jq 1.6's `?` and try also swallow errors raised behind them, 1.7 does not       with `?` or try in the
//   program, agreeing with gojq is enough jq 1.6 refuses {(1): 2} at compile time                      such
//   programs are skipped gojq words all errors its own way                            only the fact of an
//   error counts gojq orders object members by name: keys_unsorted, to_entries, .[] on objects, .. follow it
//   such programs are not given to it gojq (0.12.11) indexes strings by number, `null | keys` ...  .[number]
//   on strings: not given to it gojq: 0 * -1 is 0, jq's is -0                                compared
//   canonically, where both are 0

namespace sz::expr {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string program() {
    ordered_ = false;
    return pipe(4);
  }
  /// Does the last program depend on the order of members or on other things in which gojq differs?
  bool ordered() const { return ordered_; }

  std::string document(int depth = 3) {
    switch (pick(depth > 0 ? 11 : 7)) {
      case 0:
        return "null";
      case 1:
        return pick(2) ? "true" : "false";
      case 2:
        return std::to_string(pick(7) - 3);
      case 3:
        return std::to_string(pick(200) - 100) + ".5";
      case 4:
        return std::to_string(pick(100000));
      case 5:
        return "\"" + word() + "\"";
      case 6:
        return "\"" + word() + " " + word() + "\"";
      case 7: {
        std::string s = "[";
        for (int i = pick(4); i > 0; --i) s += document(depth - 1) + (i > 1 ? "," : "");
        return s + "]";
      }
      default: {
        std::string s = "{";
        const int n = 1 + pick(4);
        const int from = pick(5);
        for (int i = 0; i < n; ++i)
          s += (i > 0 ? ",\"" : "\"") + name((from + i) % 5) + "\":" + document(depth - 1);
        return s + "}";
      }
    }
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  std::string one(std::initializer_list<const char*> of) {
    return *(of.begin() + pick(static_cast<int>(of.size())));
  }
  static std::string name(int i) { return std::string(1, static_cast<char>('a' + i)); }
  std::string name() { return name(pick(5)); }
  std::string word() {
    return one(
        {"a", "b", "abc", "x-y", "Foo", "12", "1.5", "é", "日本", "", "a,b", "q\\\"q", "\\n", "\\u00e9t"});
  }
  std::string number() { return one({"0", "1", "2", "-1", "3.5", "10", "100"}); }
  std::string divisor() { return one({"1", "2", "-3", "4", "0.5"}); }

  std::string path(int depth) {
    std::string s = pick(4) == 0 ? "." : "." + name();
    for (int i = pick(3); i > 0; --i) {
      switch (pick(depth > 0 ? 7 : 4)) {
        case 0:
          s += s == "." ? name() : "." + name();
          break;
        case 1:
          s += "[" + one({"0", "1", "-1"}) + "]", ordered_ = true;
          break;
        case 2:
          s += "[\"" + name() + "\"]";
          break;
        case 3:
          s += s == "." ? "\"" + name() + "\"" : ".\"" + name() + "\"";
          break;
        case 4:
          s += "[" + one({"1:", ":1", "0:2", "-1:", ":-1"}) + "]", ordered_ = true;
          break;
        case 5:
          s += "[]", ordered_ = true;
          break;
        default:
          s += "[" + pipe(depth - 1) + "]";
          ordered_ = true;
          break;
      }
      if (pick(4) == 0) s += "?";
    }
    return s;
  }
  // One path without generators, for assignments.
  std::string plain_path() {
    std::string s = "." + name();
    for (int i = pick(2); i > 0; --i) s += pick(3) ? "." + name() : "[" + one({"0", "1"}) + "]";
    return s;
  }

  std::string pipe(int depth) {
    switch (pick(6)) {
      case 0:
        return depth > 0 ? term(depth - 1) + " | " + pipe(depth - 1) : term(0);
      case 1:
        return depth > 0 ? "(" + pipe(depth - 1) + "), " + term(depth - 1) : term(0);
      default:
        return binary(depth);
    }
  }
  std::string binary(int depth) {
    if (depth <= 0) return term(depth);
    switch (pick(9)) {
      case 0:
        return term(depth - 1) + " " + one({"+", "-", "*"}) + " " + term(depth - 1);
      case 1:
        return term(depth - 1) + " " + one({"/", "%"}) + " " + divisor();
      case 2:
      case 3:
        return term(depth - 1) + " " + one({"==", "!=", "<", "<=", ">", ">="}) + " " + term(depth - 1);
      case 4:
        return term(depth - 1) + " " + one({"and", "or"}) + " " + term(depth - 1);
      case 5:
        return term(depth - 1) + " // " + term(depth - 1);
      default:
        return term(depth);
    }
  }
  std::string term(int depth) {
    if (depth <= 0) {
      switch (pick(7)) {
        case 0:
          return number();
        case 1:
          return "\"" + word() + "\"";
        case 2:
          return one({"null", "true", "false", "."});
        default:
          return path(0);
      }
    }
    switch (pick(28)) {
      case 0:
        return "(" + pipe(depth - 1) + ")";
      case 1:
        return "[" + pipe(depth - 1) + "]";
      case 2:
        return "{" + name() + ", x: (" + pipe(depth - 1) + ")}";
      case 3:
        return "{(" + term(depth - 1) + "): " + term(0) + "}";
      case 4:
        return "\"<\\(" + pipe(depth - 1) + ")" + word() + "\\(" + term(depth - 1) + ")\"";
      case 5:
        return "(if " + pipe(depth - 1) + " then " + pipe(depth - 1) + " else " + pipe(depth - 1) + " end)";
      case 6:
        return "(if " + term(depth - 1) + " then " + term(0) + " elif " + term(0) + " then " + term(0) +
               " else " + term(depth - 1) + " end)";
      case 7:
        return "(try (" + pipe(depth - 1) + ") catch \"caught\")";
      case 8:
        return "(" + pipe(depth - 1) + ")?";
      case 9:
        return "(try error(. | tostring) catch .)";
      case 10:
        return "select(" + pipe(depth - 1) + ")";
      case 11:
        return ordered_ = true, "map(" + pipe(depth - 1) + ")";
      case 12:
        return function();
      case 13:
        return "has(" + one({"\"a\"", "\"b\"", "0", "1"}) + ")";
      case 14:
        return "(" + path(0) + " | tostring | " +
               one({"test(\"a\")", "test(\"^[0-9]+$\")", "test(\"A\"; \"i\")", "startswith(\"a\")",
                    "endswith(\"c\")", "length", "utf8bytelength", "split(\",\")", "split(\"\")",
                    "ltrimstr(\"a\")", "rtrimstr(\"c\")", "ascii_upcase", "ascii_downcase", "explode",
                    ".[1:]", ".[:-1]"}) +
               ")";
      case 15:
        return "(" + plain_path() + " = (" + pipe(depth - 1) + "))";
      case 16:
        return "(" + plain_path() + " |= (" + term(depth - 1) + " | [., 1] | .[0]))";
      case 17:
        return "(" + plain_path() + " " + one({"+=", "-=", "*=", "//="}) + " " + term(depth - 1) + ")";
      case 18:
        return "del(" + plain_path() + ")";
      case 19:
        return "del(" + plain_path() + ", " + plain_path() + ")";
      case 20:
        return "-(" + term(depth - 1) + ")";
      case 21:
        return "((" + term(depth - 1) + ") as $x | " + one({"$x", "[$x, .]", "$x == .", "{$x}"}) + ")";
      case 22:
        return ordered_ = true,
               "(reduce (" + path(0) + ", " + term(depth - 1) + ") as $i (0; [., $i] | length))";
      case 23:
        return ordered_ = true,
               "[foreach (1, 2, " + term(depth - 1) + ") as $i (null; [., $i] | tojson | length; [$i, .])]";
      case 24:
        return ordered_ = true, "[first(" + pipe(depth - 1) + ")]";
      case 25:
        return ordered_ = true, "[limit(2; " + pipe(depth - 1) + ")]";
      case 26:
        return ordered_ = true,
               one({"[..]",
                    "to_entries",
                    "[paths]",
                    "(if type == \"object\" then with_entries(.value |= tostring) else 0 end)",
                    "[.[]?]",
                    "[path(..)]",
                    "[recurse]",
                    "any",
                    "all",
                    "[values, nulls]",
                    "map_values([.])",
                    "(.. |= .)",
                    "[range(3)]",
                    "[.[]? | numbers, strings]",
                    "join(\"-\")",
                    "flatten",
                    "contains(\"a\")?",
                    "(try tonumber catch \"nan\")",
                    "fromjson?",
                    "keys_unsorted"});
      default:
        return path(depth);
    }
  }
  std::string function() {
    const std::string f = one({"length", "type", "not", "tostring", "tojson", "keys", "empty", "add", "sort",
                               "reverse", "unique", "min", "max", "floor"});
    if (f == "add" || f == "reverse" || f == "tojson" || f == "tostring" || f == "floor" || f == "keys" ||
        f == "length" || f == "min" || f == "max" || f == "unique" || f == "sort")
      ordered_ = true;
    if (f == "reverse") return "(if type == \"array\" then reverse else . end)";
    return f;
  }

  std::mt19937_64 random_;
  bool ordered_ = false;
};

std::string quoted(const std::string& s) {
  std::string out = "'";
  for (const char c : s) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::vector<std::string> peer(const std::string& command, const std::string& program,
                              const std::string& documents) {
  std::vector<std::string> lines;
  const std::string line =
      "timeout 10 " + command + " -c " + quoted(program) + " < " + quoted(documents) + " 2>&1";
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return lines;
  std::string text;
  char buffer[65536];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  pclose(pipe);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool installed(const char* command) {
  return std::system((std::string(command) + " --version >/dev/null 2>&1").c_str()) == 0;
}

// The canonical form of a line of a peer; errors are `!` and their words.
std::string canonical(const std::string& line, bool words) {
  json::Document document;
  const auto node = document.parse(line);
  if (!node) return "not JSON: " + line;
  std::string out, scratch;
  if (node->kind() == json::Kind::object) {
    if (!words) return "!";
    const auto error = node->field(json::Key("E"));
    if (!error || error->kind() != json::Kind::string) return "!";
    return "!" + std::string(error->string(scratch));
  }
  Value::of(*node).append_canonical(out);
  return out;
}

std::string ours(Program& program, const json::Node& input) {
  const auto values = program.outputs(input, Time());
  if (!values) return "!" + values.error();
  std::string out = "[";
  for (const Value& v : *values) {
    if (out.size() > 1) out += ',';
    v.append_canonical(out);
  }
  return out + "]";
}

bool same_error(const std::string& a, const std::string& b) {
  static const std::vector<std::string> reworded = {"explode",      "parse",       "Invalid",  "flatten",
                                                    "ascii_",       "fromjson",    "requires", "while",
                                                    "Cannot check", "not a string"};
  for (const std::string& w : reworded)
    if (a.find(w) != std::string::npos || b.find(w) != std::string::npos) return true;
  return a.substr(0, a.find('(')) == b.substr(0, b.find('('));
}

TEST(Differential, RandomProgramsGiveWhatJqAndGojqGive) {
  if (!installed("jq") || !installed("gojq")) GTEST_SKIP() << "needs jq and gojq";
  const char* count = std::getenv("SZ_DIFFERENTIAL");
  const char* seed = std::getenv("SZ_SEED");
  const int programs = count != nullptr ? std::atoi(count) : 250;
  Generator generator(seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1);
  const std::string file = testing::TempDir() + "sz_differential_" + std::to_string(getpid()) + ".ndjson";
  int cases = 0, compared_gojq = 0, failures = 0;
  for (int p = 0; p < programs && failures < 15; ++p) {
    const std::string source = generator.program();
    const bool ordered = generator.ordered();
    std::vector<std::string> documents;
    {
      std::ofstream out(file);
      for (int i = 0; i < 20; ++i) {
        documents.push_back(generator.document());
        out << documents.back() << "\n";
      }
    }
    auto direct = Program::compile(source);
    Settings settings;
    settings.direct = false;
    auto machine = Program::compile(source, settings);
    if (!direct || !machine) {
      ADD_FAILURE() << source << ": " << direct.error().message << " at " << direct.error().offset;
      ++failures;
      continue;
    }
    const std::string wrapped = "try [" + source + "] catch {E: .}";
    const auto jq = peer("jq", wrapped, file);
    const bool tries = source.find('?') != std::string::npos || source.find("try") != std::string::npos;
    const auto gojq = ordered && !tries ? std::vector<std::string>() : peer("gojq", wrapped, file);
    if (!jq.empty() && jq[0].find("as object key at <top-level>") != std::string::npos) {
      --p;
      continue;
    }
    if (jq.size() != documents.size()) {
      ADD_FAILURE() << source << ": jq says " << (jq.empty() ? "nothing" : jq[0]);
      ++failures;
      continue;
    }
    for (std::size_t i = 0; i < documents.size(); ++i) {
      json::Document document;
      const auto node = document.parse(documents[i]);
      ASSERT_TRUE(node) << documents[i];
      const std::string mine = ours(*direct, *node), other = ours(*machine, *node);
      const std::string theirs = canonical(jq[i], true);
      ++cases;
      const bool error = mine[0] == '!' && theirs[0] == '!';
      bool agrees = error ? same_error(mine, theirs) : mine == theirs;
      bool gojq_agrees = true;  // when it was not asked
      if (gojq.size() == documents.size()) {
        ++compared_gojq;
        const std::string second = canonical(gojq[i], false);
        gojq_agrees = mine[0] == '!' ? second == "!" : mine == second;
        // gojq differs from jq itself: then jq counts.
        if (agrees) gojq_agrees = true;
        if (tries && gojq_agrees) agrees = true;
      }
      if (tries && mine[0] == '!') agrees = gojq_agrees = true;
      if (mine != other || !agrees || !gojq_agrees) {
        ADD_FAILURE() << source << "\n  on      " << documents[i] << "\n  direct  " << mine << "\n  machine "
                      << other << "\n  jq      " << theirs << "\n  gojq    "
                      << (gojq.size() == documents.size() ? gojq[i] : "-");
        ++failures;
        break;
      }
    }
  }
  std::remove(file.c_str());
  std::printf("%d cases, %d of them with gojq\n", cases, compared_gojq);
  EXPECT_GE(cases, failures > 0 ? 0 : programs * 20);
}

}  // namespace
}  // namespace sz::expr
