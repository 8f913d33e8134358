#include "run/beneath.h"

#include <cerrno>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "run/temp_dir.h"

namespace sz::run {
namespace {

namespace fs = std::filesystem;

/// Both ways must do the same.
class BeneathTest : public ::testing::TestWithParam<Beneath> {
 protected:
  BeneathTest() {
    fs::create_directory(dir.path("in"));
    fs::create_directory(dir.path("out"));
    at = Descriptor(::open(dir.path("in").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  int open(const std::string& name) {
    const auto file = open_beneath(at.get(), name, GetParam());
    if (!file) return file.error();
    return ::write(file->get(), "x", 1) == 1 ? 0 : errno;
  }
  TempDir dir;
  Descriptor at;
};
INSTANTIATE_TEST_SUITE_P(Ways, BeneathTest, ::testing::Values(Beneath::kernel, Beneath::steps));

TEST_P(BeneathTest, MakesFilesAndDirectories) {
  EXPECT_EQ(open("a"), 0);
  EXPECT_EQ(open("b/c/d"), 0);
  EXPECT_EQ(open("b/c/d"), 0);
  EXPECT_EQ(dir.read("in/a"), "x");
  EXPECT_EQ(dir.read("in/b/c/d"), "xx");
}

TEST_P(BeneathTest, LeavesModesToTheMask) {
  const mode_t before = ::umask(027);
  EXPECT_EQ(open("b/c"), 0);
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(dir.path("in/b/c").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  ASSERT_EQ(::stat(dir.path("in/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0750U);
}

TEST_P(BeneathTest, FollowsNoLink) {
  dir.write("out/secret", "s");
  fs::create_symlink("../out/secret", dir.path("in/file"));
  fs::create_symlink(dir.path("out/secret"), dir.path("in/absolute"));
  fs::create_symlink("../out", dir.path("in/directory"));
  fs::create_symlink("nowhere", dir.path("in/dangling"));
  fs::create_directory(dir.path("in/real"));
  fs::create_symlink("real", dir.path("in/inside"));
  EXPECT_EQ(open("file"), ELOOP);
  EXPECT_EQ(open("absolute"), ELOOP);
  EXPECT_EQ(open("dangling"), ELOOP);
  for (const char* name : {"directory/new", "directory/new/er", "inside/new", "real/../../out/secret"})
    EXPECT_NE(open(name), 0) << name;
  EXPECT_EQ(dir.read("out/secret"), "s");
  EXPECT_FALSE(fs::exists(dir.path("out/new")));
  EXPECT_FALSE(fs::exists(dir.path("in/nowhere")));
  EXPECT_FALSE(fs::exists(dir.path("in/real/new")));
}

TEST_P(BeneathTest, OpensNoDirectoryAndWaitsForNoFifo) {
  fs::create_directory(dir.path("in/d"));
  ASSERT_EQ(::mkfifo(dir.path("in/fifo").c_str(), 0600), 0);
  EXPECT_EQ(open("d"), EISDIR);
  EXPECT_EQ(open("fifo"), ENXIO);
  EXPECT_EQ(open("fifo/x"), ENOTDIR);
}

TEST_P(BeneathTest, HoldsOnToItsDirectory) {
  fs::rename(dir.path("in"), dir.path("moved"));
  fs::create_symlink("out", dir.path("in"));
  EXPECT_EQ(open("a/b"), 0);
  EXPECT_EQ(dir.read("moved/a/b"), "x");
  EXPECT_FALSE(fs::exists(dir.path("out/a")));
}

TEST_P(BeneathTest, LongNames) {
  EXPECT_EQ(open(std::string(255, 'a')), 0);
  EXPECT_EQ(open(std::string(256, 'a')), ENAMETOOLONG);
  EXPECT_EQ(open(std::string(256, 'a') + "/b"), ENAMETOOLONG);
}

}  // namespace
}  // namespace sz::run
