#include "run/line_file.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/temp_dir.h"

namespace sz::run {
namespace {

class LineFileTest : public ::testing::Test {
 protected:
  Descriptor open(const std::string& name, int flags = O_APPEND) {
    return Descriptor(::open(dir.path(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600));
  }
  TempDir dir;
  Drain drain{Duration{}};
};

/// Files of this process may not grow beyond so many bytes, as on a full disk, while this lives.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    before_action_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, before_action_);
  }

 private:
  rlimit before_{};
  void (*before_action_)(int) = SIG_DFL;
};

TEST_F(LineFileTest, WritesWholeLinesWhenFull) {
  LineFile file(open("a"), drain);
  const std::string half(40'000, 'x');
  EXPECT_EQ(file.write(half), 0);
  EXPECT_EQ(file.write(half), 0);
  EXPECT_EQ(dir.read("a"), "");  // more than the buffer holds, but no line yet
  EXPECT_EQ(file.write("\n"), 0);
  EXPECT_EQ(dir.read("a").size(), 80'001U);
}

TEST_F(LineFileTest, CutsAFailedWriteBackToTheLastWholeLine) {
  for (const int flags : {O_APPEND, O_TRUNC}) {
    dir.write("a", flags == O_APPEND ? "old\n" : "");
    const std::size_t there = dir.read("a").size();
    LineFile file(open("a", flags), drain);
    const FullDisk full(there + 25);
    for (int i = 0; i < 10; ++i) file.write("0123456\n");
    EXPECT_EQ(file.flush(), EFBIG);
    EXPECT_EQ(dir.read("a").size(), there + 24);
    EXPECT_TRUE(dir.read("a").ends_with("0123456\n"));
    EXPECT_EQ(file.write("1\n"), 0) << "said once";
    EXPECT_EQ(file.close(), 0);
    EXPECT_EQ(dir.read("a").size(), there + 24);
  }
}

TEST_F(LineFileTest, CutsAllIfNoLineIsWhole) {
  LineFile file(open("a"), drain);
  {
    const FullDisk full(10);
    file.write("0123456\n0123456\n");
    EXPECT_EQ(file.flush(), EFBIG);
  }
  EXPECT_EQ(dir.read("a"), "0123456\n");
  LineFile torn(open("b"), drain);
  torn.write("0123456789");
  const FullDisk full(5);
  EXPECT_EQ(torn.flush(), EFBIG);
  EXPECT_EQ(dir.read("b"), "");
}

TEST_F(LineFileTest, EndsATornLineOnceSomethingIsWritten) {
  dir.write("a", "{\"to");
  {
    LineFile unused(open("a"), drain);
    unused.end_torn_line();
    EXPECT_EQ(unused.close(), 0);
  }
  EXPECT_EQ(dir.read("a"), "{\"to");
  LineFile file(open("a"), drain);
  file.end_torn_line();
  file.write("1\n");
  file.write("2\n");
  EXPECT_EQ(file.close(), 0);
  EXPECT_EQ(dir.read("a"), "{\"to\n1\n2\n");
}

TEST_F(LineFileTest, KnowsATornLine) {
  for (const auto& [text, whole] : {std::pair("", true), std::pair("a\n", true), std::pair("a", false)}) {
    dir.write("a", text);
    EXPECT_EQ(ends_with_line(open("a").get(), AT_FDCWD, dir.path("a")), whole) << text;
  }
  dir.write("b", "b\n");
  EXPECT_FALSE(ends_with_line(open("a").get(), AT_FDCWD, dir.path("a")));
  EXPECT_TRUE(ends_with_line(open("b").get(), AT_FDCWD, dir.path("a"))) << "another file is there now";
}

}  // namespace
}  // namespace sz::run
