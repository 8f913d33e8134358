#include "run/asio_host.h"

#include <array>
#include <functional>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/input.h"
#include "run/output_port.h"
#include "run/temp_dir.h"

namespace sz::run {
namespace {

struct Pipe {
  Descriptor read, write;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = Descriptor(ends[0]);
      write = Descriptor(ends[1]);
    }
  }
};

std::string read_some(int fd) {
  std::string bytes(1 << 20, '\0');
  const ssize_t size = ::read(fd, bytes.data(), bytes.size());
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return bytes;
}

bool non_blocking(int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0; }

/// How a forked child ended that ran `run`.
int status_of_child(const std::function<int()>& run) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run());
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

class AsioHostTest : public ::testing::Test {
 protected:
  // Whoever started the tests may have had signals ignored, as nohup(1) and a shell's & do.
  void SetUp() override {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::signal(signal, SIG_DFL);
  }
  void make() {
    host = std::make_unique<AsioHost>(side_files, drain,
                                      AsioHost::Standard{.input = in.read.get(), .output = out.write.get()});
  }
  Host::Read read() { return host->read(0, buffer); }
  std::string_view bytes(const Host::Read& got) { return {buffer.data(), got.size}; }
  void wait_for_input() { host->wait({.input = true, .output = false, .until = never}); }

  TempDir dir;
  Pipe in, out;
  Drain drain{Duration{50'000'000}};
  UsedFiles used{{}};
  FileSet side_files{used, drain, 2};
  std::array<char, 4096> buffer{};
  std::unique_ptr<AsioHost> host;
};

TEST_F(AsioHostTest, StandardInputIsReadAsItComes) {
  make();
  ASSERT_TRUE(host->open_input(0, "-"));
  EXPECT_FALSE(host->input_size(0));
  EXPECT_EQ(read().state, Host::ReadState::later);
  write_all(in.write.get(), "abc");
  wait_for_input();
  const auto got = read();
  ASSERT_EQ(got.state, Host::ReadState::bytes);
  EXPECT_EQ(bytes(got), "abc");
  EXPECT_EQ(read().state, Host::ReadState::later);
  in.write.close();
  wait_for_input();
  EXPECT_EQ(read().state, Host::ReadState::end);
  EXPECT_FALSE(non_blocking(in.read.get()));
  host->close_input(0);
  EXPECT_GE(::fcntl(in.read.get(), F_GETFD), 0);
}

TEST_F(AsioHostTest, FilesAreReadAndSized) {
  make();
  ASSERT_TRUE(host->open_input(0, dir.write("f", std::string(5000, 'x'))));
  EXPECT_EQ(host->input_size(0), 5000U);
  EXPECT_EQ(read().size, 4096U);
  EXPECT_EQ(read().size, 904U);
  EXPECT_EQ(read().state, Host::ReadState::end);
  host->close_input(0);
  EXPECT_FALSE(host->input_size(0));
}

TEST_F(AsioHostTest, WhatCannotBeOpened) {
  make();
  const auto opened = host->open_input(0, dir.path("no\n"));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message,
            fmt::format("cannot read {}: No such file or directory", dir.path("no\\n")));
  const auto directory = host->open_input(0, dir.path("."));
  ASSERT_FALSE(directory);
  EXPECT_TRUE(directory.error().message.ends_with(": Is a directory"));
}

TEST_F(AsioHostTest, AFifoIsOpenedBeforeItsWriter) {
  make();
  ASSERT_EQ(::mkfifo(dir.path("fifo").c_str(), 0600), 0);
  ASSERT_TRUE(host->open_input(0, dir.path("fifo")));
  EXPECT_EQ(read().state, Host::ReadState::later);
  Descriptor writer(::open(dir.path("fifo").c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(read().state, Host::ReadState::later);
  write_all(writer.get(), "x");
  wait_for_input();
  EXPECT_EQ(read().size, 1U);
  EXPECT_EQ(read().state, Host::ReadState::later);
  writer.close();
  wait_for_input();
  EXPECT_EQ(read().state, Host::ReadState::end);
}

TEST_F(AsioHostTest, ClosedStandardInputIsAFault) {
  in.read =
      Descriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC));  // as reserve_standard_descriptors() leaves it
  make();
  Input input(*host, {"-"}, 100);
  Block block;
  EXPECT_EQ(input.next(block), Input::State::end);
  EXPECT_EQ(input.take_errors(), std::vector<std::string>{"cannot read stdin: Bad file descriptor"});
}

TEST_F(AsioHostTest, WaitsUntilTheDeadlineAndNotLess) {
  make();
  const Time until = host->now() + Duration{3'000'000};
  while (host->now() < until) host->wait({.input = false, .output = false, .until = until});
  EXPECT_LT((host->now() - until).ns, 1'000'000'000);
  host->wait({.input = false, .output = false, .until = Time::min()});
}

TEST_F(AsioHostTest, OutputIsWrittenWithoutWaiting) {
  make();
  const std::string text(5 << 20, 'x');
  std::size_t written = 0;
  std::size_t read = 0;
  bool stopped = false;
  while (written < text.size()) {
    const auto took = host->write(std::string_view(text).substr(written));
    ASSERT_FALSE(took.closed || took.error);
    written += took.size;
    if (written == text.size()) break;
    stopped = true;
    read += read_some(out.read.get()).size();
    host->wait({.input = false, .output = true, .until = never});
  }
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(non_blocking(out.write.get()));
  while (read < written) read += read_some(out.read.get()).size();
  EXPECT_FALSE(host->output_closed());
}

TEST_F(AsioHostTest, ClosedOutputIsNoticedWhileIdle) {
  make();
  EXPECT_FALSE(host->output_closed());
  out.read.close();
  host->wait({.input = false, .output = false, .until = never});
  EXPECT_TRUE(host->output_closed());
  EXPECT_TRUE(host->output_closed());
  EXPECT_TRUE(host->write("x").closed);
}

TEST_F(AsioHostTest, ClosedOutputIsNoticedWithoutWaiting) {
  make();
  out.read.close();
  EXPECT_TRUE(host->output_closed());
}

TEST_F(AsioHostTest, OutputFaultsAreTold) {
  out.write = Descriptor(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  make();
  const auto took = host->write("x");
  ASSERT_TRUE(took.error);
  EXPECT_EQ(took.error->message, "cannot write standard output: No space left on device");
  EXPECT_FALSE(took.closed);
}

TEST_F(AsioHostTest, TheFirstEndingSignalBeginsTheDrain) {
  make();
  EXPECT_TRUE(drain.wait(Duration{1'000'000}));
  ::kill(::getpid(), SIGUSR1);
  host->wait({.input = false, .output = false, .until = never});
  EXPECT_TRUE(drain.wait(Duration{1'000'000}));
  ::kill(::getpid(), SIGTERM);
  EXPECT_FALSE(drain.wait_writable(-1));
}

TEST_F(AsioHostTest, SignalsAreEvents) {
  make();
  EXPECT_FALSE(host->take_signal());
  for (const int signal : {SIGUSR1, SIGTERM, SIGUSR1}) {
    ::kill(::getpid(), signal);
    host->wait({.input = false, .output = false, .until = never});
    EXPECT_EQ(host->take_signal(), signal);
  }
  EXPECT_FALSE(host->take_signal());
}

TEST_F(AsioHostTest, AnIgnoredSignalStaysIgnored) {
  const auto before = ::signal(SIGHUP, SIG_IGN);
  make();
  ::kill(::getpid(), SIGHUP);
  ::kill(::getpid(), SIGUSR1);
  host->wait({.input = false, .output = false, .until = never});
  EXPECT_EQ(host->take_signal(), SIGUSR1);
  EXPECT_FALSE(host->take_signal());
  host.reset();
  EXPECT_EQ(::signal(SIGHUP, before), SIG_IGN);
}

TEST_F(AsioHostTest, PutsSignalsBack) {
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  make();
  EXPECT_TRUE(host->sigpipe_was_ignored());
  host.reset();
  ::signal(SIGPIPE, SIG_DFL);
  make();
  EXPECT_FALSE(host->sigpipe_was_ignored());
  host.reset();
  EXPECT_EQ(::signal(SIGPIPE, before), SIG_DFL);
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(::sigismember(&blocked, SIGTERM), 0);
}

TEST_F(AsioHostTest, ASecondSignalEndsAtOnce) {
  for (const auto& [first, second] :
       {std::pair(SIGINT, SIGTERM), std::pair(SIGTERM, SIGTERM), std::pair(SIGHUP, SIGINT)}) {
    const int status = status_of_child([&] {
      make();
      ::kill(::getpid(), first);
      while (!host->take_signal()) host->wait({.input = false, .output = false, .until = never});
      ::kill(::getpid(), second);
      for (;;) ::pause();  // the pipeline is busy elsewhere
      return 0;
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), second);
  }
}

TEST_F(AsioHostTest, DyingOfASignal) {
  for (const int signal : {SIGTERM, SIGPIPE, SIGINT}) {
    const int status = status_of_child([&] {
      make();
      die_of(signal);
      return 0;
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), signal);
  }
}

TEST(Descriptors, ClosedStandardOnesAreReserved) {
  const int status = status_of_child([] {
    for (const int fd : {0, 1, 2}) ::close(fd);
    reserve_standard_descriptors();
    const int file = ::open("/dev/null", O_RDWR);
    char byte = 0;
    const bool reads = ::read(0, &byte, 1) < 0 && errno == EBADF;
    const bool writes = ::write(1, &byte, 1) < 0 && errno == EBADF;
    return file == 3 && reads && writes ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
}

TEST(Descriptors, OneMissingInTheMiddle) {
  const int status = status_of_child([] {
    ::close(1);
    reserve_standard_descriptors();
    return ::fcntl(1, F_GETFL) >= 0 && ::fcntl(0, F_GETFD) >= 0 ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
}

/// The ways of output that do not depend on /proc.
TEST(OutputPort, PiecesThatPollVouchesForNeverBlock) {
  Pipe pipe;
  OutputPort port(pipe.write.get(), false);
  const std::string text(3 << 20, 'x');
  const auto took = port.write(text);
  EXPECT_FALSE(took.error);
  EXPECT_GT(took.size, 4096U);
  EXPECT_LT(took.size, text.size());
  EXPECT_EQ(port.write("x").size, 0U);
  read_some(pipe.read.get());
  EXPECT_EQ(port.write("x").size, 1U);
  pipe.read.close();
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  EXPECT_TRUE(port.write("x").closed);
  ::signal(SIGPIPE, before);
  pipe.write.release();
  EXPECT_FALSE(port.close());
}

TEST(OutputPort, Sockets) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  Descriptor reader(ends[1]);
  OutputPort port(ends[0]);
  const std::string text(8 << 20, 'x');
  EXPECT_LT(port.write(text).size, text.size());
  EXPECT_FALSE(non_blocking(ends[0]));
  reader.close();
  EXPECT_TRUE(port.write("x").closed);
  EXPECT_FALSE(port.close());
}

TEST(OutputPort, AFileTakesAll) {
  const TempDir dir;
  OutputPort port(::open(dir.path("f").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const std::string text(3 << 20, 'x');
  EXPECT_EQ(port.write(text).size, text.size());
  EXPECT_FALSE(port.closed());
  EXPECT_FALSE(port.close());
  EXPECT_EQ(dir.read("f"), text);
}

}  // namespace
}  // namespace sz::run
