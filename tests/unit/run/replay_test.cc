#include "run/replay.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "run/dead_letter_stats.h"
#include "run/descriptor.h"
#include "run/letter.h"
#include "run/temp_dir.h"

namespace sz::run {
namespace {

using namespace std::string_literals;
using As = plan::Replay::As;

class ReplayTest : public ::testing::Test {
 protected:
  StderrSink sink() {
    return [this](std::string_view line) { errors += line; };
  }
  void letter(FailureKind kind, std::string_view stage, std::size_t index, std::uint64_t line,
              std::string_view original, std::string_view record = {}, std::uint64_t group = 0,
              bool first = true) {
    Letter l;
    l.kind = kind;
    l.error = "e";
    l.stage = stage;
    l.index = index;
    l.source = "f";
    l.line = {.source = 0, .number = line, .offset = 0, .bytes = original.size() + lacking, .text = original};
    l.record = record;
    l.group = group;
    l.first_of_group = first;
    l.at = Time::from_ns(Time::Wide{1'700'000'000 + static_cast<long>(line)} * 1'000'000'000);
    writer.append(file, l);
  }
  /// The exit status; what was printed is in `output`.
  int run(As as = As::original, std::vector<std::string> kinds = {}, std::vector<std::string> stages = {}) {
    const plan::Replay request{
        .file = dir.write("d", file), .kinds = std::move(kinds), .stages = std::move(stages), .as = as};
    return into([&](int fd) { return replay(request, fd, sink()); });
  }
  template <class F>
  int into(F call) {
    errors.clear();
    const Descriptor out(::open(dir.path("out").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const int status = call(out.get());
    output = dir.read("out");
    return status;
  }

  TempDir dir;
  LetterWriter writer{"00000000000000aa"};
  std::string file, output, errors;
  std::uint64_t lacking = 0;  ///< bytes of the line that the letters do not hold
};

TEST_F(ReplayTest, OriginalsByteForByte) {
  const std::string lines[] = {" {\"a\" : 1.10,\t\"b\":123456789012345678901234}\r", "\"\\u00e9\xC3\xA9\\n\"",
                               "\xFF\xFE{", "a\0b\x7F\x1B"s, ""};
  std::string all;
  for (std::uint64_t i = 0; i < std::size(lines); ++i) {
    letter(FailureKind::parse, "input", 0, i + 1, lines[i]);
    all += lines[i] + "\n";
  }
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, all);
  EXPECT_EQ(errors, "");
}

TEST_F(ReplayTest, AnOriginalOnceForEachRunSourceAndLine) {
  letter(FailureKind::expr, "map", 1, 1, "a");
  letter(FailureKind::expr, "map", 1, 1, "a");
  letter(FailureKind::expr, "map", 1, 2, "a");
  writer = LetterWriter("00000000000000bb");
  letter(FailureKind::expr, "map", 1, 1, "a");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, "a\na\na\n");
  EXPECT_EQ(run(As::record), 0);
  EXPECT_EQ(output, "a\na\na\na\n");
}

TEST_F(ReplayTest, KindsAndStages) {
  letter(FailureKind::parse, "input", 0, 1, "p");
  letter(FailureKind::expr, "map", 1, 2, "m");
  letter(FailureKind::type, "map", 1, 3, "t");
  letter(FailureKind::expr, "filter", 2, 4, "f");
  EXPECT_EQ(run(As::original, {"expr"}), 0);
  EXPECT_EQ(output, "m\nf\n");
  EXPECT_EQ(run(As::original, {"expr", "parse"}, {"map", "input"}), 0);
  EXPECT_EQ(output, "p\nm\n");
  EXPECT_EQ(run(As::original, {"exrp"}), 2);
  EXPECT_EQ(errors, "sz: there is no kind \"exrp\" of dead letters\n");
}

TEST_F(ReplayTest, RecordsAsTheyReachedTheStage) {
  letter(FailureKind::expr, "map", 1, 1, " [1.10, 2]", "1.10");
  letter(FailureKind::expr, "map", 1, 2, " [3]", "[3]");
  letter(FailureKind::expr, "map", 1, 3, "x", "{\"a\": [ ] , \"a\":1}");
  letter(FailureKind::expr, "map", 1, 4, "x", "not json");
  EXPECT_EQ(run(As::record), 0);
  EXPECT_EQ(output, "1.10\n [3]\n{\"a\": [ ] , \"a\":1}\nnot json\n");
}

TEST_F(ReplayTest, AGroupsCommonRecordOnce) {
  letter(FailureKind::expr, "map", 2, 1, "1", "[1,2]", 5, true);
  letter(FailureKind::expr, "map", 2, 2, "2", "[1,2]", 5, false);
  letter(FailureKind::expr, "map", 2, 3, "3", "[3]", 6, true);
  EXPECT_EQ(run(As::record), 0);
  EXPECT_EQ(output, "[1,2]\n[3]\n");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, "1\n2\n3\n");
  file.erase(0, file.find('\n') + 1);  // the first member's letter is lost
  EXPECT_EQ(run(As::record), 1);
  EXPECT_EQ(output, "[3]\n");
  EXPECT_EQ(errors, fmt::format("sz: {}: skipped 1 letter without a whole record\n", dir.path("d")));
}

TEST_F(ReplayTest, WithoutAWholeOriginalItIsCounted) {
  letter(FailureKind::parse, "input", 0, 1, "a");
  lacking = 10;
  letter(FailureKind::too_long, "input", 0, 2, "start");
  letter(FailureKind::expr, "aggregate", 1, 3, "");
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(output, "a\n");
  EXPECT_EQ(errors, fmt::format("sz: {}: skipped 2 letters without a whole original\n", dir.path("d")));
}

TEST_F(ReplayTest, TornAndForeignLinesArePassedOver) {
  letter(FailureKind::parse, "input", 0, 1, "a");
  const std::string whole = file;
  file += whole.substr(0, 40) + "\n\n{\"v\":1}\n[]\n{\"v\":2,\"kind\":\"parse\"}\n";
  letter(FailureKind::parse, "input", 0, 2, "b");
  file += whole.substr(0, 100);
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, "a\nb\n");
  EXPECT_EQ(errors,
            fmt::format("sz: {}: skipped 2 torn lines, 3 lines that are no dead letters\n", dir.path("d")));
}

TEST_F(ReplayTest, AWholeLetterWithoutItsLineEndCounts) {
  letter(FailureKind::parse, "input", 0, 1, "a");
  file.pop_back();
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, "a\n");
}

TEST_F(ReplayTest, LargeFilesAndLongLines) {
  std::string all;
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    const std::string line(i * 37 % 900 + (i % 1000 == 0 ? 700'000 : 0), static_cast<char>('a' + i % 26));
    letter(FailureKind::parse, "input", 0, i, line);
    all += line + "\n";
  }
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output, all);
}

TEST_F(ReplayTest, OnlyUpToTheSizeAtTheStart) {
  letter(FailureKind::parse, "input", 0, 1, "a");
  // Replaying into the file itself ends.
  const plan::Replay request{.file = dir.write("d", file), .kinds = {}, .stages = {}, .as = As::original};
  const Descriptor out(::open(dir.path("d").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  EXPECT_EQ(replay(request, out.get(), sink()), 0);
  EXPECT_EQ(dir.read("d"), file + "a\n");
}

TEST_F(ReplayTest, Faults) {
  EXPECT_EQ(into([&](int fd) {
              return replay({.file = dir.path("no"), .kinds = {}, .stages = {}, .as = As::original}, fd,
                            sink());
            }),
            3);
  EXPECT_EQ(errors, fmt::format("sz: cannot read {}: No such file or directory\n", dir.path("no")));
  EXPECT_EQ(into([&](int fd) {
              return replay({.file = dir.path(""), .kinds = {}, .stages = {}, .as = As::original}, fd,
                            sink());
            }),
            3);
  letter(FailureKind::parse, "input", 0, 1, "a");
  const plan::Replay request{.file = dir.write("d", file), .kinds = {}, .stages = {}, .as = As::original};
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  errors.clear();
  EXPECT_EQ(replay(request, full.get(), sink()), 3);
  EXPECT_EQ(errors, "sz: cannot write standard output: No space left on device\n");
}

TEST_F(ReplayTest, Stats) {
  letter(FailureKind::parse, "input", 0, 1, "a");
  letter(FailureKind::expr, "map", 12, 2, "b");
  letter(FailureKind::expr, "map", 12, 5, "b");
  writer = LetterWriter("00000000000000bb");
  letter(FailureKind::expr, "evil\x1B", 1, 60, "b");
  file += "{\"torn\n7\n";
  const plan::LetterStats request{dir.write("d", file)};
  EXPECT_EQ(into([&](int fd) { return dead_letter_stats(request, fd, sink()); }), 0);
  EXPECT_EQ(output,
            "KIND   STAGE         LETTERS  FIRST                 LAST\n"
            "expr   map (12)            2  2023-11-14T22:13:22Z  2023-11-14T22:13:25Z\n"
            "expr   evil\\x1B (1)        1  2023-11-14T22:14:20Z  2023-11-14T22:14:20Z\n"
            "parse  input               1  2023-11-14T22:13:21Z  2023-11-14T22:13:21Z\n"
            "all    2 runs              4  2023-11-14T22:13:21Z  2023-11-14T22:14:20Z\n"
            "torn lines: 1\n"
            "lines that are no dead letters: 1\n");
}

TEST_F(ReplayTest, StatsOfNothing) {
  const plan::LetterStats request{dir.write("d", "")};
  EXPECT_EQ(into([&](int fd) { return dead_letter_stats(request, fd, sink()); }), 0);
  EXPECT_EQ(output, "KIND  STAGE   LETTERS  FIRST  LAST\nall   0 runs        0  -      -\n");
}

}  // namespace
}  // namespace sz::run
