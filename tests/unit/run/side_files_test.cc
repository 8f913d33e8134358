#include "run/side_files.h"

#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "run/temp_dir.h"

namespace sz::run {
namespace {

class SideFilesTest : public ::testing::Test {
 protected:
  TempDir dir;
  std::vector<std::string> paths = {dir.write("input", "{}\n")};
  UsedFiles used{paths};
  Drain drain{Duration{}};
};

TEST_F(SideFilesTest, TruncatesOrAppendsAndWritesAtFlush) {
  dir.write("a", "old\n");
  dir.write("b", "old\n");
  FileSet files(used, drain, 2);
  const auto a = files.open(dir.path("a"), false);
  const auto b = files.open(dir.path("b"), true);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(dir.read("a"), "");
  (*a)->write("1\n");
  (*b)->write("2\n");
  EXPECT_EQ(dir.read("a"), "");
  EXPECT_FALSE(files.flush());
  EXPECT_EQ(dir.read("a"), "1\n");
  EXPECT_EQ(dir.read("b"), "old\n2\n");
  (*a)->write("3\n");
  EXPECT_FALSE(files.close());
  EXPECT_EQ(dir.read("a"), "1\n3\n");
}

TEST_F(SideFilesTest, DoesNotHoldMuch) {
  FileSet files(used, drain, 2);
  const auto a = files.open(dir.path("a"), false);
  ASSERT_TRUE(a);
  for (int i = 0; i < 100'000; ++i) (*a)->write("0123456789\n");
  EXPECT_GT(dir.read("a").size(), 1'000'000U);
}

TEST_F(SideFilesTest, RefusesAnInputBeforeTruncatingIt) {
  FileSet files(used, drain, 2);
  std::filesystem::create_hard_link(dir.path("input"), dir.path("same"));
  const auto same = files.open(dir.path("same"), false);
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().message,
            fmt::format("{} is also an input ({})", dir.path("same"), dir.path("input")));
  EXPECT_EQ(dir.read("input"), "{}\n");
  EXPECT_FALSE(files.open(dir.path("input"), true));
}

TEST_F(SideFilesTest, CannotOpen) {
  FileSet files(used, drain, 2);
  const auto file = files.open(dir.path("no/file"), false);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message,
            fmt::format("cannot write {}: No such file or directory", dir.path("no/file")));
}

TEST_F(SideFilesTest, AFaultComesOnce) {
  FileSet files(used, drain, 2);
  const auto full = files.open("/dev/full", false);
  const auto good = files.open(dir.path("good"), false);
  ASSERT_TRUE(full && good);
  (*full)->write("x");
  (*good)->write("y");
  const auto fault = files.flush();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message, "cannot write /dev/full: No space left on device");
  EXPECT_EQ(dir.read("good"), "y");
  (*full)->write("x");
  EXPECT_FALSE(files.flush());
  EXPECT_FALSE(files.close());
}

TEST_F(SideFilesTest, StandardError) {
  const Descriptor error(::open(dir.path("stderr").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  FileSet files(used, drain, error.get());
  files.standard_error()->write("text\n");
  EXPECT_FALSE(files.close());
  EXPECT_EQ(dir.read("stderr"), "text\n");
}

}  // namespace
}  // namespace sz::run
