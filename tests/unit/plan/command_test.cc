#include "plan/command.h"

#include <gtest/gtest.h>

#include "plan/dump.h"
#include "plan/golden.h"
#include "plan/report.h"
#include "plan/sample_stages.h"
#include "plan/shell_words.h"

namespace sz::plan {
namespace {

std::string answer(std::string_view line) {
  const std::vector<std::string> words = shell_words(line);
  const auto command = parse_command(words, sample_stages());
  return command ? dump(*command) : report(command.error(), words);
}

TEST(Command, RightLines) { EXPECT_GE(check_golden("right.txt", answer), 60u); }

TEST(Command, WrongLines) { EXPECT_GE(check_golden("wrong.txt", answer), 60u); }

/// An answer, whatever the words: a command, or an error whose place is within them.
void expect_answer(const std::vector<std::string>& words) {
  const auto command = parse_command(words, sample_stages());
  if (command) return;
  EXPECT_FALSE(command.error().message.empty());
  if (command.error().word == PlanError::none) return;
  ASSERT_LT(command.error().word, words.size());
  EXPECT_LE(command.error().offset + command.error().length, words[command.error().word].size());
  EXPECT_TRUE(report(command.error(), words).ends_with('\n'));
}

/// Every prefix of every right and wrong line, and every line with one word left out, has an answer; no error
/// points outside the words.
TEST(Command, AnyWords) {
  for (const std::string_view file : {"right.txt", "wrong.txt"})
    check_golden(file, [&](std::string_view line) {
      const std::vector<std::string> words = shell_words(line);
      for (std::size_t i = 0; i < words.size(); ++i) {
        expect_answer({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i)});
        std::vector<std::string> without = words;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        expect_answer(without);
      }
      return answer(line);
    });
}

TEST(Command, RandomWords) {
  constexpr std::string_view vocabulary[] = {
      "filter", "map",    "take", "batch",   "switch", "split",    "fanout", "retry",      "catch", "tap",
      "window", "then",   "+",    "[",       "]",      "else",     "--",     ".a",         "-.a",   "3",
      "-e",     "-v",     "-n3",  "-n",      "--size", "--size=3", "-x",     "--every=1s", "--by",  "--to",
      "-l",     "--all",  "-h",   "--dlq",   "-j4",    "-rR",      "-rx",    "--",         "",      "-",
      "[a",     "a]",     "{a:",  "#",       "|",      "--stats",  "help",   "replay",     "dlq",   "stats",
      "--kind", "--expr", "--=",  "--size=", "-n=3",   "\xff\x01",
  };
  std::uint32_t state = 1;
  const auto below = [&](std::size_t n) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
  };
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> words(1 + below(8));
    for (std::string& word : words) word = vocabulary[below(std::size(vocabulary))];
    expect_answer(words);
  }
}

}  // namespace
}  // namespace sz::plan
