#include "run/input.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/scripted_host.h"

namespace sz::run {
namespace {

using namespace std::string_literals;

using Sizes = std::vector<std::size_t>;

constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

/// Reads all: one line of text for each line of input, `source@offset:text`; `!length` marks one that is too
/// long, `~` a torn one.
std::string lines_of(ScriptedHost& host, Input& input) {
  std::string lines;
  Block block;
  for (;;) {
    const Input::State state = input.next(block);
    if (state == Input::State::end) return lines;
    if (state == Input::State::later) {
      host.wait({.input = true, .output = false, .until = never});
      continue;
    }
    std::string_view bytes(block.bytes, block.size);
    EXPECT_FALSE(bytes.empty());
    if (block.too_long != 0 || block.torn) {
      lines += fmt::format("{}@{}:{}", block.source, block.offset, bytes);
      if (block.too_long != 0) lines += fmt::format("!{}", block.too_long);
      if (block.torn) lines += "~";
      lines += "\n";
      continue;
    }
    EXPECT_EQ(bytes.back(), '\n');
    std::uint64_t offset = block.offset;
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n') + 1;
      lines += fmt::format("{}@{}:{}", block.source, offset, bytes.substr(0, end));
      offset += end;
      bytes.remove_prefix(end);
    }
  }
}

std::string numbered(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += fmt::format("{:x>{}}\n", i, 1 + i % 23);
  return text;
}

struct Case {
  const char* name;
  std::vector<std::string> files;
  std::size_t max_line;
  std::string lines;
};

const std::vector<Case> cases = {
    {"nothing", {""}, no_limit, ""},
    {"lines", {"a\nbb\n\nccc\n"}, no_limit, "0@0:a\n0@2:bb\n0@5:\n0@6:ccc\n"},
    {"missing last line end", {"a\nb"}, no_limit, "0@0:a\n0@2:b\n"},
    {"carriage return and NUL stay", {"a\r\n\0\n"s}, no_limit, "0@0:a\r\n0@3:\0\n"s},
    {"files do not join", {"a\nb", "c", "", "d\n"}, no_limit, "0@0:a\n0@2:b\n1@0:c\n3@0:d\n"},
    {"byte order marks",
     {"\xEF\xBB\xBF"
      "a\n\xEF\xBB\xBF"
      "b\n",
      "\xEF\xBB\xBF"
      "c"},
     no_limit,
     "0@3:a\n0@5:\xEF\xBB\xBF"
     "b\n1@3:c\n"},
    {"only a byte order mark", {"\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}, no_limit, "1@3:\n"},
    {"half a byte order mark",
     {"\xEF\xBB", "\xEF", "\xEF\n\xBB\n"},
     no_limit,
     "0@0:\xEF\xBB\n1@0:\xEF\n2@0:\xEF\n2@2:\xBB\n"},
    {"limit", {"aaa\nbbbb\nccccc\nd\n"}, 3, "0@0:aaa\n0@4:bbbb!4\n0@9:ccccc!5\n0@15:d\n"},
    {"too long at the end",
     {"a\nbbbbbbbb", "cccc\n", "dddd"},
     3,
     "0@0:a\n0@2:bbbbbbbb!8\n1@0:cccc!4\n2@0:dddd!4\n"},
    {"too long behind a mark",
     {"\xEF\xBB\xBF"
      "aaaa\nb\n"},
     3,
     "0@3:aaaa!4\n0@8:b\n"},
    {"limit 0", {"\n\na\n\n"}, 0, "0@0:\n0@1:\n0@2:a!1\n0@4:\n"},
};

TEST(Input, CutsAtLineEndsWhateverReadsAndBlocksAre) {
  for (const Case& c : cases)
    for (const std::size_t reads : Sizes{1, 2, 3, 7, 0})
      for (const std::size_t block : Sizes{1, 4, 16, 1 << 18}) {
        ScriptedHost host;
        std::vector<std::string> paths;
        for (const std::string& file : c.files) {
          paths.push_back(fmt::format("f{}", paths.size()));
          host.file(paths.back(), file);
        }
        host.limit_reads(reads);
        Input input(host, paths, c.max_line, block);
        EXPECT_EQ(lines_of(host, input), c.lines)
            << c.name << ", reads of " << reads << ", blocks of " << block;
        EXPECT_TRUE(input.take_errors().empty());
      }
}

TEST(Input, LongInputInAllSizes) {
  const std::string text = numbered(2000);
  std::string expected;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    expected += fmt::format("0@{}:{}", at, text.substr(at, end - at));
    at = end;
  }
  for (const std::size_t reads : Sizes{1, 13, 1000, 0})
    for (const std::size_t block : Sizes{1, 50, 4096}) {
      ScriptedHost host;
      host.file("f", text);
      host.limit_reads(reads);
      Input input(host, {"f"}, no_limit, block);
      EXPECT_EQ(lines_of(host, input), expected);
      EXPECT_EQ(input.bytes_read(), text.size());
    }
}

/// What lines_of() must give for one file, from the contract alone.
std::string expected_lines(std::string_view file, std::size_t max_line) {
  std::string lines;
  std::size_t at = file.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < file.size()) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    const std::string_view line = file.substr(at, end - at);
    if (line.size() > max_line)
      lines += fmt::format("0@{}:{}!{}\n", at, line.substr(0, 4096), line.size());
    else
      lines += fmt::format("0@{}:{}\n", at, line);
    at = end + 1;
  }
  return lines;
}

TEST(Input, RandomFilesLimitsReadsAndBlocks) {
  std::mt19937 random(1);
  const auto pick = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string file = pick(3) == 0 ? "\xEF\xBB\xBF" : "";
    const std::size_t rare = 1 + pick(12);
    for (std::size_t left = pick(80); left != 0; --left)
      file += pick(rare) == 0 ? '\n' : static_cast<char>('a' + left % 26);
    const std::size_t max_line = pick(2) == 0 ? no_limit : pick(12);
    const std::size_t reads = pick(9);
    const std::size_t block = 1 + pick(20);
    ScriptedHost host;
    host.file("f", file);
    host.limit_reads(reads);
    Input input(host, {"f"}, max_line, block);
    ASSERT_EQ(lines_of(host, input), expected_lines(file, max_line))
        << "limit " << max_line << ", reads of " << reads << ", blocks of " << block << ": " << file;
  }
}

TEST(Input, OfATooLongLineFourKibibytesAreKept) {
  for (const std::size_t reads : Sizes{1, 5000, 0}) {
    ScriptedHost host;
    const std::string line = std::string(4000, 'a') + std::string(300'000, 'b');
    host.file("f", fmt::format("x\n{}\ny\n", line));
    host.limit_reads(reads);
    Input input(host, {"f"}, 10'000, 1000);
    EXPECT_EQ(lines_of(host, input), fmt::format("0@0:x\n0@2:{}!304000\n0@304003:y\n", line.substr(0, 4096)));
  }
}

TEST(Input, ALineAsLongAsTheLimitGrowsTheBuffer) {
  for (const std::size_t reads : Sizes{1, 0}) {
    ScriptedHost host;
    const std::string line(100'000, 'a');
    host.file("f", fmt::format("x\n{0}\n{0}", line));
    host.limit_reads(reads);
    Input input(host, {"f"}, line.size(), 64);
    EXPECT_EQ(lines_of(host, input), fmt::format("0@0:x\n0@2:{0}\n0@100003:{0}\n", line));
  }
}

TEST(Input, HandsOutWhatIsThereWithoutWaiting) {
  ScriptedHost host;
  host.piece("-", {0}, "a\nb");
  host.piece("-", {3'000'000'000}, "b\nc\n");
  Input input(host, {"-"}, no_limit);
  Block block;
  ASSERT_EQ(input.next(block), Input::State::block);
  EXPECT_EQ(std::string_view(block.bytes, block.size), "a\n");
  EXPECT_EQ(input.next(block), Input::State::later);
  host.wait({.input = true, .output = false, .until = never});
  EXPECT_EQ(host.elapsed().ns, 3'000'000'000);
  ASSERT_EQ(input.next(block), Input::State::block);
  EXPECT_EQ(std::string_view(block.bytes, block.size), "bb\nc\n");
  EXPECT_EQ(input.next(block), Input::State::end);
  EXPECT_EQ(input.next(block), Input::State::end);
}

TEST(Input, ReusesBuffers) {
  ScriptedHost host;
  host.file("f", numbered(20'000));
  Input input(host, {"f"}, no_limit, 4096);
  Block block;
  std::vector<const char*> seen;
  while (input.next(block) == Input::State::block)
    if (std::find(seen.begin(), seen.end(), block.buffer.get()) == seen.end())
      seen.push_back(block.buffer.get());
  EXPECT_LE(seen.size(), 3U);
}

TEST(Input, StopGivesTheUnfinishedLine) {
  for (const std::size_t reads : Sizes{1, 0}) {
    ScriptedHost host;
    host.limit_reads(reads);
    host.piece("-", {0}, "a\nbc");
    host.end_at("-", {1'000'000'000});
    Input input(host, {"-", "other"}, no_limit);
    Block block;
    while (input.next(block) == Input::State::block) {
    }
    input.stop();
    EXPECT_EQ(lines_of(host, input), "0@2:bc~\n");
  }
}

TEST(Input, StopInsideATooLongLine) {
  ScriptedHost host;
  host.piece("-", {0}, "abcdef");
  host.end_at("-", {1});
  Input input(host, {"-"}, 3);
  Block block;
  EXPECT_EQ(input.next(block), Input::State::later);
  input.stop();
  EXPECT_EQ(lines_of(host, input), "0@0:abcdef!6~\n");
}

TEST(Input, StopAtALineEndOrBeforeTheFirstReadLeavesNothing) {
  ScriptedHost host;
  host.piece("-", {0}, "a\n");
  host.end_at("-", {1});
  Input input(host, {"-"}, no_limit);
  Input unread(host, {"-"}, no_limit);
  unread.stop();
  EXPECT_EQ(lines_of(host, unread), "");
  Block block;
  EXPECT_EQ(input.next(block), Input::State::block);
  input.stop();
  EXPECT_EQ(lines_of(host, input), "");
}

TEST(Input, ReportsWhatCannotBeReadAndGoesOn) {
  ScriptedHost host;
  host.file("good", "a\n");
  host.file("bad", "b\nc");
  host.fail_at_end("bad", "Input/output error");
  Input input(host, {"missing", "bad", "good"}, no_limit);
  EXPECT_EQ(lines_of(host, input), "1@0:b\n1@2:c~\n2@0:a\n");
  const std::vector<std::string> errors = {"cannot read missing: No such file or directory",
                                           "cannot read bad: Input/output error"};
  EXPECT_EQ(input.take_errors(), errors);
  EXPECT_TRUE(input.take_errors().empty());
}

}  // namespace
}  // namespace sz::run
