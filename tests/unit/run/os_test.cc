#include "run/os.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace sz::run {
namespace {

bool readable(int fd) {
  pollfd event{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&event, 1, 0) == 1;
}

std::vector<Watch::Mark> ready(Watch& watch) {
  const auto marks = watch.ready();
  return {marks.begin(), marks.end()};
}

bool would_wake(const Watch& watch) {
  std::vector<pollfd> fds;
  watch.wait_for(fds);
  return poll_for(fds, Duration{0}) > 0;
}

TEST(Bell, RingsUntilItIsSilenced) {
  const Bell bell;
  EXPECT_FALSE(readable(bell.fd()));
  for (int i = 0; i < 100'000; ++i) bell.ring();  // more than a pipe holds
  EXPECT_TRUE(readable(bell.fd()));
  bell.silence();
  EXPECT_FALSE(readable(bell.fd()));
  std::thread([&bell] { bell.ring(); }).join();
  EXPECT_TRUE(readable(bell.fd()));
}

using Marks = std::vector<Watch::Mark>;

TEST(Watch, TellsWhatIsReady) {
  Descriptor read, write;
  ASSERT_EQ(open_pipe(read, write), 0);
  Watch watch;
  EXPECT_EQ(ready(watch), Marks());
  watch.add(read.get(), Watch::For::reading, 7);
  EXPECT_EQ(ready(watch), Marks());
  EXPECT_FALSE(would_wake(watch));
  watch.add(write.get(), Watch::For::writing, 8);
  EXPECT_EQ(ready(watch), Marks{8});
  watch.remove(write.get());
  ASSERT_EQ(::write(write.get(), "x", 1), 1);
  EXPECT_TRUE(would_wake(watch));
  EXPECT_EQ(ready(watch), Marks{7});
  EXPECT_EQ(ready(watch), Marks{7}) << "level-triggered";
  char byte = 0;
  ASSERT_EQ(::read(read.get(), &byte, 1), 1);
  EXPECT_EQ(ready(watch), Marks());
  write = Descriptor();
  EXPECT_EQ(ready(watch), Marks{7}) << "a hang-up";
  watch.closing(read.get());
  read = Descriptor();
  EXPECT_EQ(ready(watch), Marks());
  EXPECT_FALSE(would_wake(watch));
}

TEST(PollFor, IsNeverTooEarly) {
  using std::chrono::steady_clock;
  for (const int ns : {1, 300'000, 1'000'001}) {
    const auto before = steady_clock::now();
    EXPECT_EQ(poll_for({}, Duration{ns}), 0);
    EXPECT_GE(steady_clock::now() - before, std::chrono::nanoseconds(ns));
  }
}

TEST(Os, PipesAndTemporariesCloseOnExec) {
  Descriptor read, write;
  ASSERT_EQ(open_pipe(read, write), 0);
  std::string name = ::testing::TempDir() + "os.XXXXXX";
  const Descriptor file(make_temporary(name.data()));
  ASSERT_TRUE(file);
  ::unlink(name.c_str());
  for (const int fd : {read.get(), write.get(), file.get()})
    EXPECT_EQ(::fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(Os, FindsTheLastByte) {
  const std::string text = "ab\ncd\nef";
  const char* const from = text.data();
  EXPECT_EQ(find_last(from, from + text.size(), '\n'), from + 5);
  EXPECT_EQ(find_last(from, from + 5, '\n'), from + 2);
  EXPECT_EQ(find_last(from, from + 2, '\n'), nullptr);
  EXPECT_EQ(find_last(from, from, '\n'), nullptr);
}

TEST(Os, RandomBitsDiffer) {
  const auto one = system_random(), other = system_random();
  ASSERT_TRUE(one && other);
  EXPECT_NE(*one, *other);
}

}  // namespace
}  // namespace sz::run
