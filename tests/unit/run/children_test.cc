// Processes as the host drives them. What needs a zoo of children is in tests/shell/children.bats.
#include "run/children.h"

#include <chrono>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/os.h"
#include "run/program_path.h"
#include "run/temp_dir.h"

extern char** environ;

namespace sz::run {
namespace {

Time now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return Time::from_ns(Time::Wide{t.tv_sec} * 1'000'000'000 + t.tv_nsec);
}

constexpr Duration patience{20'000'000'000};

Request shell(std::string script, Command command = {}) {
  command.path = "/bin/sh";
  command.words = {"sh", "-c", std::move(script)};
  return {.command = std::make_shared<const Command>(std::move(command))};
}

class ChildrenTest : public ::testing::Test {
 protected:
  ~ChildrenTest() override {
    children.end(now);
    EXPECT_TRUE(children.none());
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a zombie, or a child that still runs";
  }

  /// The next answer; what it does while it waits is what a host does.
  std::pair<RequestId, Result> next() {
    const Time until = now() + patience;
    while (now() < until) {
      children.pump(now());
      if (auto answer = children.take()) return std::move(*answer);
      std::vector<pollfd> events;
      children.wait_for(events);
      poll_for(events, Duration{10'000'000});
    }
    ADD_FAILURE() << "no answer";
    return {};
  }

  ProcessGroups groups;
  Children children{groups};
};

TEST_F(ChildrenTest, GivesOutputStatusAndStandardError) {
  Request request = shell("cat; echo no >&2; exit 7");
  request.input = "in\n";
  children.start(1, std::move(request), now());
  const auto [id, result] = next();
  EXPECT_EQ(id, 1u);
  EXPECT_EQ(result.end, Result::End::exited);
  EXPECT_EQ(result.number, 7);
  EXPECT_EQ(result.output, "in\n");
  EXPECT_EQ(result.stderr_tail, "no\n");
}

TEST_F(ChildrenTest, AnInputAndAnOutputLargerThanAllPipes) {
  Request request = shell("cat");
  request.input = std::string(3'000'000, 'x');
  children.start(1, std::move(request), now());
  EXPECT_EQ(next().second.output, std::string(3'000'000, 'x'));
}

TEST_F(ChildrenTest, WordsOfTheRequestWinOverTheCommands) {
  Request request = shell("echo no");
  request.words = {"sh", "-c", "echo \"$1\"", "sh", "a b"};
  children.start(1, std::move(request), now());
  EXPECT_EQ(next().second.output, "a b\n");
}

TEST_F(ChildrenTest, ATimeOutEndsTheWholeGroup) {
  children.start(1, shell("sleep 100 & sleep 100", {.timeout = Duration{50'000'000}}), now());
  EXPECT_EQ(next().second.end, Result::End::timed_out);
}

TEST_F(ChildrenTest, TooMuchOutputIsNoAnswer) {
  children.start(1, shell("yes", {.max_output = 100'000}), now());
  const Result result = next().second;
  EXPECT_EQ(result.end, Result::End::broken);
  EXPECT_EQ(result.error, "more than 100000 bytes of output (--max-output)");
}

TEST_F(ChildrenTest, WhatCannotBeStartedSaysWhy) {
  Command command{.path = "/no/such/file", .words = {"file"}};
  children.start(1, {.command = std::make_shared<const Command>(std::move(command))}, now());
  const Result result = next().second;
  EXPECT_EQ(result.end, Result::End::unstarted);
  EXPECT_EQ(result.number, ENOENT);
  EXPECT_EQ(result.error, "cannot start file: No such file or directory");
}

TEST_F(ChildrenTest, WhatIsCancelledIsEnded) {
  children.start(1, shell("sleep 100"), now());
  children.cancel(1, now());
  EXPECT_EQ(next().second.end, Result::End::signalled);
}

TEST_F(ChildrenTest, AnswersComeAsTheyEnd) {
  children.start(1, shell("sleep 0.3"), now());
  children.start(2, shell("true"), now());
  EXPECT_EQ(next().first, 2u);
  EXPECT_EQ(next().first, 1u);
}

TEST_F(ChildrenTest, AWorkerAnswersLineForLineAndIsStartedAnew) {
  const Request worker = shell("read -r a; echo \"1$a\"; read -r a; echo \"2$a\"; exit 3", {.keeps = true});
  const auto ask = [&](RequestId id) {
    Request request = worker;
    request.input = "x\n";
    children.start(id, std::move(request), now());
  };
  for (const RequestId id : {1U, 2U, 3U}) ask(id);
  EXPECT_EQ(next().second.output, "1x");
  EXPECT_EQ(next().second.output, "2x");
  const Result gone = next().second;
  EXPECT_EQ(gone.end, Result::End::broken);
  EXPECT_EQ(gone.error, "the worker ended with exit status 3");
  EXPECT_EQ(gone.exit, 3);
  ask(4);
  EXPECT_EQ(next().second.output, "1x");
}

/// Lets everything happen for a while, until `done`.
template <class Done>
void pump_until(Children& children, Done done) {
  for (const Time until = now() + patience; now() < until && !done();) {
    children.pump(now());
    std::vector<pollfd> events;
    children.wait_for(events);
    ::poll(events.data(), events.size(), 10);
  }
  EXPECT_TRUE(done());
}

TEST_F(ChildrenTest, AWorkerThatWentAwayWithoutWorkSaysSoToTheNextAsker) {
  const Request worker = shell("read -r a; echo \"$a\"; exit 3", {.keeps = true});
  const auto ask = [&](RequestId id) {
    Request request = worker;
    request.input = "x\n";
    children.start(id, std::move(request), now());
  };
  ask(1);
  EXPECT_EQ(next().second.output, "x");
  pump_until(children, [&] { return children.none(); });
  ask(2);
  ask(3);
  EXPECT_TRUE(children.none()) << "nobody is started before the asker has heard of it";
  for (const RequestId id : {2U, 3U}) {
    const auto [refused, result] = next();
    EXPECT_EQ(refused, id);
    EXPECT_EQ(result.end, Result::End::unasked);
    EXPECT_EQ(result.error, "the worker ended with exit status 3");
  }
  ask(4);
  EXPECT_EQ(next().second.output, "x");
  EXPECT_TRUE(children.complaints().empty());
}

TEST_F(ChildrenTest, AnAnswerTooManyFailsAllThatNobodyHasTakenYet) {
  const Request worker = shell("while read -r a; do echo \"$a\"; echo more; done", {.keeps = true});
  for (const RequestId id : {1U, 2U}) {
    Request request = worker;
    request.input = "x\n";
    children.start(id, std::move(request), now());
  }
  children.pump(now());
  ::usleep(300'000);  // all that it says is there at once
  for (const RequestId id : {1U, 2U}) {
    const auto [of, result] = next();
    EXPECT_EQ(of, id);
    EXPECT_EQ(result.end, Result::End::broken);
    EXPECT_EQ(result.error, "the worker answered what nobody asked");
  }
  EXPECT_TRUE(children.complaints().empty());
}

TEST_F(ChildrenTest, AnAnswerTooManyWithNothingLeftToFailIsAComplaint) {
  Request request = shell("read -r a; echo \"$a\"; sleep 0.3; echo more; sleep 100", {.keeps = true});
  request.input = "x\n";
  children.start(1, std::move(request), now());
  EXPECT_EQ(next().second.output, "x");
  pump_until(children, [&] { return children.none(); });
  EXPECT_EQ(children.complaints(),
            std::vector<std::string>{
                "worker sh: it answered what nobody asked; its answers may be of other records"});
}

TEST_F(ChildrenTest, NoMoreToAskEndsAWorkersInputOnceAllIsWritten) {
  Request request = shell("cat >/dev/null; echo done", {.keeps = true});
  request.input = std::string(3'000'000, 'x') + "\n";
  const auto command = request.command;
  children.start(1, std::move(request), now());
  children.no_more(*command);
  EXPECT_EQ(next().second.output, "done");
  pump_until(children, [&] { return children.none(); });
  EXPECT_TRUE(children.complaints().empty());
}

TEST_F(ChildrenTest, AWorkerThatIsLateFailsWhatCameBehindToo) {
  const Request worker = shell("sleep 100", {.keeps = true, .timeout = Duration{50'000'000}});
  for (const RequestId id : {1U, 2U}) {
    Request request = worker;
    request.input = "x\n";
    children.start(id, std::move(request), now());
  }
  EXPECT_EQ(next().second.end, Result::End::timed_out);
  EXPECT_EQ(next().second.end, Result::End::broken);
}

TEST_F(ChildrenTest, KillsGroupsAtTheEndEvenDeafOnes) {
  children.start(1, shell("trap '' TERM; echo; sleep 100 & sleep 100"), now());
  ::usleep(100'000);
}

TEST(Death, ShowsWithAndWithoutPidfd) {
  for (const bool pidfd : {true, false}) {
    pid_t pid = 0;
    std::string program = "sh", option = "-c", script = "read x";
    char* const words[] = {program.data(), option.data(), script.data(), nullptr};
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    ASSERT_EQ(::posix_spawn(&pid, "/bin/sh", &actions, nullptr, words, environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    const Descriptor death = death_of(pid, pidfd);
    pollfd event{.fd = death.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&event, 1, 50), 0) << "it lives";
    ::close(ends[0]);
    ::close(ends[1]);
    EXPECT_EQ(::poll(&event, 1, 20'000), 1) << "it is dead";
    int status = -1;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid) << "and not reaped";
  }
}

TEST(ProgramPath, FindsWhatCanBeRun) {
  const TempDir dir;
  const auto status = [](const std::string& name) {
    const auto found = find_program(name);
    return found ? 0 : found.error().status;
  };
  EXPECT_EQ(status("sh"), 0);
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(status("no-such-program-here"), 127);
  EXPECT_EQ(status(""), 127);
  EXPECT_EQ(status(dir.path("none")), 127);
  EXPECT_EQ(status(dir.path("")), 126);
  EXPECT_EQ(status(dir.write("plain", "echo 1")), 126);
}

}  // namespace
}  // namespace sz::run
