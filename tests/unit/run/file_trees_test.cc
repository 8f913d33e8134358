#include "run/file_trees.h"

#include <cerrno>
#include <filesystem>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/temp_dir.h"

namespace sz::run {
namespace {

namespace fs = std::filesystem;

class FileTreesTest : public ::testing::Test {
 protected:
  FileTreesTest() { fs::create_directory(dir.path("out")); }

  SideTree& tree(FileTrees& trees, bool append = false, std::uint64_t most = 0) {
    const auto opened = trees.open(dir.path("out"), append, most);
    EXPECT_TRUE(opened);
    return **opened;
  }
  /// What is said of a name that cannot be had, without the directory's path; empty if it can.
  std::string refusal(SideTree& in, std::string_view name) {
    const auto written = in.write(name, "1");
    if (written) return {};
    EXPECT_EQ(written.error().kind, FailureKind::path);
    std::string said = written.error().error;
    for (const std::string part = dir.path("out") + "/"; said.find(part) != std::string::npos;)
      said.erase(said.find(part), part.size());
    return said;
  }

  TempDir dir;
  std::vector<std::string> inputs = {dir.write("input", "{}\n")};
  UsedFiles used{inputs};
  Drain drain{Duration{}};
};

/// So many descriptors and no more while this lives.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit limit{most, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(FileTreesTest, TruncatesAtTheFirstOpeningOnly) {
  for (const char* name : {"out/0", "out/1", "out/2", "out/9"}) dir.write(name, "old\n");
  FileTrees trees(used, drain, {.open = 2});
  SideTree& out = tree(trees);
  for (int round = 0; round < 3; ++round)
    for (const char* name : {"0", "1", "2"}) EXPECT_TRUE(out.write(name, std::to_string(round)));
  trees.close();
  for (const char* name : {"out/0", "out/1", "out/2"}) EXPECT_EQ(dir.read(name), "0\n1\n2\n");
  EXPECT_EQ(dir.read("out/9"), "old\n") << "no record came for it";
  EXPECT_FALSE(trees.take_fault());
}

TEST_F(FileTreesTest, AppendsBehindATornLine) {
  dir.write("out/a", "{\"to");
  dir.write("out/b", "old\n");
  FileTrees trees(used, drain);
  SideTree& out = tree(trees, true);
  for (const char* name : {"a", "b"}) EXPECT_TRUE(out.write(name, "1"));
  trees.close();
  EXPECT_EQ(dir.read("out/a"), "{\"to\n1\n");
  EXPECT_EQ(dir.read("out/b"), "old\n1\n");
}

TEST_F(FileTreesTest, ManyFilesWithFewOpen) {
  FileTrees trees(used, drain, {.open = 16});
  SideTree& out = tree(trees);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(out.write(fmt::format("d{}/{}", i % 7, i % 100), std::to_string(i)));
    if (i % 250 != 0) continue;
    std::ptrdiff_t open = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      open += fs::read_symlink(entry.path(), gone).string().starts_with(dir.path("out/")) ? 1 : 0;
    }
    EXPECT_LE(open, 16);
  }
  trees.close();
  EXPECT_FALSE(trees.take_fault());
  std::multiset<int> seen;
  for (const auto& entry : fs::recursive_directory_iterator(dir.path("out"))) {
    if (!entry.is_regular_file()) continue;
    std::istringstream in(dir.read(fs::relative(entry.path(), dir.path("")).string()));
    int before = -1;
    for (int n = 0; in >> n; before = n) {
      EXPECT_LT(before, n);
      seen.insert(n);
    }
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST_F(FileTreesTest, NotMoreNamesThanAsked) {
  FileTrees trees(used, drain);
  SideTree& out = tree(trees, false, 2);
  EXPECT_TRUE(out.write("a", "1") && out.write("b", "1"));
  const auto third = out.write("c", "1");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, FailureKind::full);
  EXPECT_TRUE(out.write("a", "2"));
  EXPECT_FALSE(fs::exists(dir.path("out/c")));
}

TEST_F(FileTreesTest, WritesRegularFilesWithOneNameOnly) {
  dir.write("secret", "s\n");
  fs::create_hard_link(dir.path("secret"), dir.path("out/hard"));
  fs::create_hard_link(dir.path("input"), dir.path("out/input"));
  fs::create_symlink(dir.path("secret"), dir.path("out/link"));
  fs::create_symlink("..", dir.path("out/up"));
  fs::create_directory(dir.path("out/d"));
  ASSERT_EQ(::mkfifo(dir.path("out/fifo").c_str(), 0600), 0);
  const Descriptor reader(::open(dir.path("out/fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  FileTrees trees(used, drain);
  SideTree& out = tree(trees);
  EXPECT_EQ(refusal(out, "hard"), "hard has another name (a hard link)");
  EXPECT_EQ(refusal(out, "input"), "input has another name (a hard link)");
  EXPECT_EQ(refusal(out, "link"), "cannot open link: Too many levels of symbolic links");
  EXPECT_EQ(refusal(out, "up/secret"), "cannot open up/secret: Too many levels of symbolic links");
  EXPECT_EQ(refusal(out, "d"), "cannot open d: Is a directory");
  EXPECT_EQ(refusal(out, "fifo"), "fifo is no regular file");
  EXPECT_EQ(refusal(out, "fine"), "");
  EXPECT_EQ(refusal(out, "fine/x"), "cannot open fine/x: Not a directory");
  trees.close();
  EXPECT_EQ(dir.read("secret"), "s\n");
  EXPECT_EQ(dir.read("input"), "{}\n");
  EXPECT_FALSE(trees.take_fault()) << "records fail, the run goes on";
}

TEST_F(FileTreesTest, RefusesInputsAndOtherOutputs) {
  const std::string in = dir.write("out/in", "{}\n");
  UsedFiles both{std::vector{in}};
  const Descriptor other(::open(dir.path("out/other").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_FALSE(both.claim(other.get(), "other"));
  FileTrees trees(both, drain);
  SideTree& out = tree(trees);
  EXPECT_EQ(refusal(out, "in"), "in is also an input (in)");
  EXPECT_EQ(refusal(out, "other"), "other is also another output (other)");
  EXPECT_EQ(dir.read("out/in"), "{}\n");
}

// As on a file system that takes a and A for the same.
TEST_F(FileTreesTest, TwoNamesOfOneFile) {
  FileTrees trees(used, drain, {.open = 1});
  SideTree& out = tree(trees);
  EXPECT_EQ(refusal(out, "a"), "");
  trees.flush();
  fs::rename(dir.path("out/a"), dir.path("out/A"));
  EXPECT_EQ(refusal(out, "A"), "") << "nobody has it under the first name any more";
  EXPECT_EQ(refusal(out, "a"), "") << "and this is a new file";
  trees.close();
  EXPECT_EQ(dir.read("out/a"), "1\n");

  FileTrees others(used, drain);
  SideTree& open = tree(others);
  EXPECT_EQ(refusal(open, "b"), "");
  fs::rename(dir.path("out/b"), dir.path("out/B"));
  EXPECT_EQ(refusal(open, "B"), "B is the same file as b");
}

TEST_F(FileTreesTest, TreesOfOneDirectoryShareItsFiles) {
  FileTrees trees(used, drain);
  SideTree& one = tree(trees);
  SideTree& other = tree(trees);
  EXPECT_TRUE(one.write("a", "1") && other.write("a", "2") && one.write("a", "3"));
  trees.close();
  EXPECT_EQ(dir.read("out/a"), "1\n2\n3\n");
}

TEST_F(FileTreesTest, DirectoriesThatCannotBeWritten) {
  FileTrees trees(used, drain);
  const auto missing = trees.open(dir.path("no"), false, 0);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            fmt::format("cannot write in {}: No such file or directory", dir.path("no")));
  const auto file = trees.open(dir.path("input"), false, 0);
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().message.ends_with("Not a directory"));
}

TEST_F(FileTreesTest, MakesDoWithFewDescriptors) {
  FileTrees trees(used, drain);
  SideTree& out = tree(trees);
  const int next = ::dup(2);
  ::close(next);
  const FewDescriptors few(static_cast<rlim_t>(next) + 3);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(out.write(std::to_string(i % 20), "x"));
  trees.close();
  EXPECT_FALSE(trees.take_fault());
  EXPECT_EQ(dir.read("out/7"), "x\nx\nx\nx\nx\n");
}

TEST_F(FileTreesTest, WithoutAnyDescriptorTheRunEnds) {
  FileTrees trees(used, drain);
  SideTree& out = tree(trees);
  const int next = ::dup(2);
  ::close(next);
  {
    const FewDescriptors few(static_cast<rlim_t>(next));
    EXPECT_EQ(refusal(out, "a"), "cannot open a: Too many open files");
  }
  EXPECT_TRUE(trees.broken());
  const auto fault = trees.take_fault();
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->message.ends_with("out/a: Too many open files")) << fault->message;
}

}  // namespace
}  // namespace sz::run
