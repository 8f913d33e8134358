#include "doc/completion.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace sz::doc {
namespace {

namespace fs = std::filesystem;

/// A folder with the script of a shell and one file, `only-file`; gone at the end.
class Folder {
 public:
  explicit Folder(std::string_view shell) {
    std::string name = (fs::temp_directory_path() / "sz-completion-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
    std::ofstream(path_ / "script") << completion(shell);
    fs::create_directory(path_ / "files");
    std::ofstream(path_ / "files" / "only-file") << "";
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// What `command` prints in the folder of the file, with $SCRIPT, without newlines at the end.
  std::string output(const std::string& command) const {
    std::ofstream(path_ / "command") << command;
    const std::string line = "cd '" + (path_ / "files").string() + "' && SCRIPT=../script sh ../command 2>&1";
    FILE* pipe = popen(line.c_str(), "r");
    std::string all;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) all.append(buffer, n);
    pclose(pipe);
    while (all.ends_with('\n')) all.pop_back();
    return all;
  }

 private:
  fs::path path_;
};

bool installed(const std::string& shell) {
  return std::system(("command -v " + shell + " >/dev/null 2>&1").c_str()) == 0;
}

struct Case {
  std::string_view words;   ///< behind `sz`, the last one begun
  std::string_view offers;  ///< parted by blanks, in the order of the tables
};

// Words that hold for the real stages of now and later ones alike.
constexpr Case cases[] = {
    {"fil", "filter"},
    {"filter .a then fil", "filter"},
    {"filter .a + unb", "unbatch"},
    {"filter .a th", "then"},
    {"-j 4 fil", "filter"},
    {"--dlq filter fil", "filter"},
    {"filter -.a then fil", "filter"},
    {"--on-f", "--on-failure"},
    {"--on-failure ", "continue stop"},
    {"--on-failure s", "stop"},
    {"filter --inv", "--invert"},
    {"map .a then filter --inv", "--invert"},
    {"filter .a then --inv", ""},
    {"dedupe --keep l", "last"},
    {"dedupe --ttl ", ""},
    {"tap --to only", "only-file"},
    {"-i only", "only-file"},
    {"filter .a -- only", "only-file"},
    {"repl", "replay"},
    {"-j 4 completi", ""},
    {"replay only", "only-file"},
    {"replay only-file --as r", "record"},
    {"dlq ", "stats"},
    {"dlq stats only", "only-file"},
    {"completion z", "zsh"},
    {"help fail", "failures"},
    {"retry --attempts 3 breaker --open 1s ma", "map"},
    {"explain fil", "filter"},
    {"explain --dlq-", "--dlq-sync"},
    {"explain filter .a then dedupe --kee", "--keep"},
    {"explain ru", "run"},
    {"explain run only", "only-file"},
    {"run only", "only-file"},
    {"run only-file --dlq-", "--dlq-sync"},
    {"-j 4 ru", "run"},
    {"demo --ra", "--rate"},
    {"--progress al", "always"},
    {"--color n", "never"},
    {"window ", "count session sliding tumbling"},
    {"window s", "session sliding"},
    {"window --size 1m tumb", "tumbling"},
    {"window tumbling --size 1m me", "median"},
    {"window tumbling th", "then"},
    {"aggregate std", "stddev"},
    {"aggregate --by .a count p9", "p90 p95 p99"},
    {"aggregate count then fil", "filter"},
    {"switch .a [ map . ] el", "else"},
    {"switch .a [ map . ] .b [ map .b ] el", "else"},
    {"switch .a [ map . ] else [ fil", "filter"},
    {"switch .a [ retry [ map . ] el", ""},
    {"switch .a [ retry [ map . ] ] el", "else"},
    {"switch .a [ map . ] then fil", "filter"},
    {"fanout [ map . ] el", ""},
    {"fanout [ map . ] th", "then"},
    {"help filter ma", "map"},
    {"replay only-file only", "only-file"},
};

TEST(Completion, Bash) {
  if (!installed("bash")) GTEST_SKIP();
  const Folder folder("bash");
  EXPECT_EQ(folder.output("bash -n $SCRIPT"), "");
  for (const Case& c : cases) {
    const std::string command =
        "exec bash -c '. $SCRIPT; f() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _sz; echo "
        "\"${COMPREPLY[*]}\"; }; "
        "w=\"$1\"; set -f; f sz ${w% *} \"${w##* }\"' _ '" +
        std::string(c.words) + "'";
    const bool one = c.words.find(' ') == std::string_view::npos;
    EXPECT_EQ(folder.output(one ? "exec bash -c '. $SCRIPT; COMP_WORDS=(sz \"$1\"); COMP_CWORD=1; _sz; echo "
                                  "\"${COMPREPLY[*]}\"' _ " +
                                      std::string(c.words)
                                : command),
              c.offers)
        << c.words;
  }
  // bash parts words at `=`.
  EXPECT_EQ(folder.output("exec bash -c '. $SCRIPT; COMP_WORDS=(sz --stats = j); COMP_CWORD=3; _sz; echo "
                          "\"${COMPREPLY[*]}\"'"),
            "json");
  EXPECT_EQ(folder.output("exec bash -c '. $SCRIPT; COMP_WORDS=(sz --stats fil); COMP_CWORD=2; _sz; echo "
                          "\"${COMPREPLY[*]}\"'"),
            "filter");
}

TEST(Completion, Fish) {
  if (!installed("fish")) GTEST_SKIP();
  const Folder folder("fish");
  EXPECT_EQ(folder.output("fish --no-execute $SCRIPT"), "");
  for (const Case& c : cases)
    EXPECT_EQ(folder.output("WORDS='" + std::string(c.words) +
                            "' exec fish --no-config -c 'source $SCRIPT; string join -- \" \" (complete -C "
                            "\"sz $WORDS\" | string replace -r \"\\t.*\" \"\")'"),
              c.offers)
        << c.words;
  EXPECT_EQ(folder.output("exec fish --no-config -c 'source $SCRIPT; complete -C \"sz --stats=j\"'"),
            "--stats=json");
}

/// Outside of its line editor zsh has no completion: its builtins are stood in for by functions that print
/// what begins with the word.
TEST(Completion, Zsh) {
  if (!installed("zsh")) GTEST_SKIP();
  const Folder folder("zsh");
  EXPECT_EQ(folder.output("zsh -n $SCRIPT"), "");
  const std::string stand_ins = R"~(exec zsh -f -c '
    compdef() { :; }
    compset() { cur=${cur#*=}; }
    offer() { local w; local -a all; for w in "$@"; do [[ $w == ${words[CURRENT]#--*=}* ]] && all+=("$w"); done; print -r -- "$all"; }
    compadd() { shift; offer "$@"; }
    _describe() { local name=$argv[-1]; offer "${(@)${(P@)name}%%:*}"; }
    _files() { offer *; }
    . $SCRIPT
    words=("${(@s: :)1}")
    CURRENT=$#words
    _sz' _ )~";
  for (const Case& c : cases)
    EXPECT_EQ(folder.output(stand_ins + "'sz " + std::string(c.words) + "'"), c.offers) << c.words;
  EXPECT_EQ(folder.output(stand_ins + "'sz --stats=j'"), "json");
}

TEST(Completion, NoOtherShell) { EXPECT_EQ(completion("tcsh"), ""); }

}  // namespace
}  // namespace sz::doc
