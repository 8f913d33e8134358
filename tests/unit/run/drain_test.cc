#include "run/drain.h"

#include <array>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "run/standard_error.h"
#include "run/write_end.h"

namespace sz::run {
namespace {

constexpr Duration moment{1'000'000}, long_time{3'600'000'000'000};

/// A pipe that nobody reads unless the test does.
struct Unread {
  Descriptor read, write;
  Unread() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = Descriptor(ends[0]);
      write = Descriptor(ends[1]);
    }
  }
  std::string take() const {
    std::string bytes(1 << 20, '\0');
    bytes.resize(static_cast<std::size_t>(::read(read.get(), bytes.data(), bytes.size())));
    return bytes;
  }
};

TEST(Drain, BeforeTheSignalItWaitsForAsLongAsItTakes) {
  Drain drain(Duration{});
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  const std::string text(300'000, 'x');
  std::string got;
  std::thread reader([&] {
    while (got.size() < text.size()) got += pipe.take();
  });
  EXPECT_EQ(end.write_all(text, drain), 0);
  reader.join();
  EXPECT_EQ(got, text);
}

TEST(Drain, AfterItTheTimeIsLimitedInAll) {
  Drain drain(moment);
  drain.begin();
  const Unread pipe;
  for (const bool reopen : {true, false}) {
    const WriteEnd end(pipe.write.get(), reopen);
    std::size_t taken = 1;
    EXPECT_EQ(end.write_all(std::string(300'000, 'x'), drain, &taken), took_no_more);
    EXPECT_LT(taken, 300'000U);
  }
  EXPECT_FALSE(drain.wait(long_time));
}

TEST(Drain, TheSignalEndsAWaitThatIsOn) {
  Drain drain(moment);
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  std::thread signal([&] { drain.begin(); });
  EXPECT_EQ(end.write_all(std::string(300'000, 'x'), drain), took_no_more);
  signal.join();
}

TEST(Drain, WhatIsReadInTimeIsWritten) {
  Drain drain(long_time);
  drain.begin();
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  std::thread reader([&] { pipe.take(); });
  EXPECT_EQ(end.write_all(std::string(100'000, 'x'), drain), 0);
  reader.join();
}

TEST(Drain, SomethingIsDoneBeforeItWaits) {
  Drain drain(Duration{});
  drain.begin();
  int done = 0;
  drain.before_waiting([&] { ++done; });
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  EXPECT_EQ(end.write_all("x", drain), 0);
  EXPECT_EQ(done, 0);
  EXPECT_EQ(end.write_all(std::string(100'000, 'x'), drain), took_no_more);
  EXPECT_EQ(done, 1);
}

TEST(Drain, NothingIsDoneForTheWaitingOfAnotherThread) {
  Drain drain(Duration{});
  drain.begin();
  int done = 0;
  drain.before_waiting([&] { ++done; });
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  std::thread other([&] { EXPECT_EQ(end.write_all(std::string(300'000, 'x'), drain), took_no_more); });
  other.join();
  EXPECT_EQ(done, 0);
}

TEST(StandardError, LinesOfSeveralThreadsStayWhole) {
  Drain drain(long_time);
  const Unread pipe;
  StandardError error(drain, pipe.write.get());
  constexpr std::size_t length = 20'000;  // more than a pipe takes in one piece
  const auto talk = [&](char c) {
    for (int i = 0; i < 50; ++i) error.print(std::string(length - 1, c) + '\n');
  };
  std::thread a(talk, 'a'), b(talk, 'b');
  std::string got;
  while (got.size() < 100 * length) got += pipe.take();
  a.join();
  b.join();
  for (std::size_t at = 0; at < got.size(); at += length)
    ASSERT_EQ(got.find_first_not_of(got[at], at), at + length - 1);
  EXPECT_FALSE(error.take_fault());
}

TEST(StandardError, WhatWasAskedForAndIsLostIsAFault) {
  Drain drain(moment);
  drain.begin();
  const Unread pipe;
  StandardError error(drain, pipe.write.get());
  EXPECT_EQ(error.say(std::string(300'000, 'x')), took_no_more);
  EXPECT_FALSE(error.take_fault());
  error.print("x");
  ASSERT_TRUE(error.take_fault());
  EXPECT_FALSE(error.take_fault());
}

TEST(WriteEnd, TheSharedDescriptionStaysAsItIs) {
  const Unread pipe;
  const WriteEnd end(pipe.write.get());
  EXPECT_TRUE(end.has_reader());
  EXPECT_EQ(end.write("x"), 1);
  EXPECT_EQ(::fcntl(pipe.write.get(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace sz::run
