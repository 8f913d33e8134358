#include "run/used_files.h"

#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "run/descriptor.h"
#include "run/temp_dir.h"

namespace sz::run {
namespace {

class UsedFilesTest : public ::testing::Test {
 protected:
  Descriptor open(const std::string& path) {
    return Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }
  std::string claim(const std::string& name) {
    const auto same = used.claim(open(dir.path(name)).get(), name);
    return same ? same->message : "";
  }
  TempDir dir;
  std::vector<std::string> inputs = {dir.write("in", "{}\n")};
  UsedFiles used{inputs};
};

TEST_F(UsedFilesTest, AnInputIsNoOutput) {
  std::filesystem::create_hard_link(dir.path("in"), dir.path("same"));
  EXPECT_EQ(claim("same"), fmt::format("same is also an input ({})", inputs[0]));
  const Descriptor in = open(inputs[0]);
  EXPECT_EQ(used.claim(in.get(), inputs[0])->message,
            fmt::format("{} is both an input and an output", inputs[0]));
}

TEST_F(UsedFilesTest, OneFileOneOutput) {
  EXPECT_EQ(claim("a"), "");
  EXPECT_EQ(claim("b"), "");
  EXPECT_EQ(claim("a"), "two outputs go to a");
  std::filesystem::create_symlink("a", dir.path("link\n"));
  EXPECT_EQ(claim("link\n"), "link\\n is also another output (a)");
}

TEST_F(UsedFilesTest, AFifoIsNotSharedEither) {
  ASSERT_EQ(::mkfifo(dir.path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(claim("fifo"), "");
  EXPECT_EQ(claim("fifo"), "two outputs go to fifo");
}

TEST_F(UsedFilesTest, DevicesAreShared) {
  const Descriptor null = open("/dev/null");
  EXPECT_FALSE(used.claim(null.get(), "/dev/null"));
  EXPECT_FALSE(used.claim(null.get(), "/dev/null"));
}

TEST_F(UsedFilesTest, StandardErrorMayShareWithStandardOutputOnly) {
  const Descriptor both = open(dir.path("both"));
  EXPECT_FALSE(used.claim(both.get(), "standard output"));
  used.claim_standard_error(both.get());
  EXPECT_EQ(claim("both"), "both is also another output (standard output)");
  used.claim_standard_error(open(dir.path("error")).get());
  EXPECT_EQ(claim("error"), "error is also another output (standard error)");
}

}  // namespace
}  // namespace sz::run
