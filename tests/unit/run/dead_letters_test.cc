#include "run/dead_letters.h"

#include <map>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json/document.h"
#include "run/letter_reader.h"
#include "run/temp_dir.h"

namespace sz::run {
namespace {

constexpr Time start = Time::from_ns(Time::Wide{1'700'000'000} * 1'000'000'000);
constexpr Duration second{1'000'000'000};

Letter sample(std::uint64_t number, std::string_view text) {
  Letter letter;
  letter.kind = FailureKind::parse;
  letter.error = "invalid number";
  letter.stage = "input";
  letter.source = "f";
  letter.line = {.source = 0, .number = number, .offset = 0, .bytes = text.size(), .text = text};
  letter.at = start;
  return letter;
}

class DeadLettersTest : public ::testing::Test {
 protected:
  StderrSink sink() {
    return [this](std::string_view line) { errors += line; };
  }
  std::expected<std::unique_ptr<DeadLetters>, SystemError> open(const std::string& path,
                                                                DlqSync sync = DlqSync::exit,
                                                                std::string run = "0123456789abcdef") {
    UsedFiles used({});
    return open_dead_letter_file(path, sync, std::move(run), used, drain, sink());
  }
  std::string refusal(const std::string& path) {
    const auto opened = open(path);
    return opened ? "opened" : opened.error().message;
  }
  /// The line numbers of the letters in a file; nothing else may stand there.
  std::vector<std::uint64_t> numbers(const std::string& path) {
    auto reader = LetterReader::open(path);
    std::vector<std::uint64_t> found;
    ReadLetter letter;
    while (reader->next(letter)) found.push_back(letter.line);
    EXPECT_EQ(reader->torn() + reader->foreign(), 0U);
    return found;
  }

  TempDir dir;
  Drain drain{Duration{}};
  std::string errors;
};

TEST_F(DeadLettersTest, WritesAtFlushAndAtClose) {
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  (*letters)->write(sample(1, "a"));
  EXPECT_EQ(dir.read("d"), "");
  (*letters)->flush(start);
  EXPECT_EQ(numbers(dir.path("d")), std::vector<std::uint64_t>{1});
  (*letters)->write(sample(2, "b"));
  (*letters)->close();
  EXPECT_EQ(numbers(dir.path("d")), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_FALSE((*letters)->broken());
  EXPECT_EQ(errors, "");
  struct stat status{};
  ASSERT_EQ(::stat(dir.path("d").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(DeadLettersTest, SyncRecordWritesEachAtOnce) {
  const auto letters = open(dir.path("d"), DlqSync::record);
  ASSERT_TRUE(letters);
  (*letters)->write(sample(1, "a"));
  EXPECT_EQ(numbers(dir.path("d")), std::vector<std::uint64_t>{1});
}

TEST_F(DeadLettersTest, SyncExitAsksForAFlushASecondLater) {
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  EXPECT_EQ((*letters)->due(), never);
  (*letters)->write(sample(1, "a"));
  (*letters)->flush(start);
  EXPECT_EQ((*letters)->due(), start + second);
  (*letters)->flush(start + second);
  EXPECT_EQ((*letters)->due(), never);
}

TEST_F(DeadLettersTest, AppendsAndClosesATornLineWithoutCuttingIt) {
  dir.write("d", "{\"v\":1,\"id\":\"torn");
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  EXPECT_EQ(dir.read("d"), "{\"v\":1,\"id\":\"torn\n");
  (*letters)->write(sample(1, "a"));
  (*letters)->close();
  EXPECT_TRUE(dir.read("d").starts_with("{\"v\":1,\"id\":\"torn\n{\"v\":1,\"id\":\"0123456789abcdef-1\""));
}

TEST_F(DeadLettersTest, ALineThatAnotherTearsMeanwhileIsClosedToo) {
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  dir.write("d", "torn");
  (*letters)->write(sample(1, "a"));
  (*letters)->close();
  EXPECT_TRUE(dir.read("d").starts_with("torn\n{\"v\":1,"));
}

TEST_F(DeadLettersTest, RefusesAllButRegularFilesAndFifos) {
  dir.write("target", "");
  ASSERT_EQ(::symlink(dir.path("target").c_str(), dir.path("link").c_str()), 0);
  ASSERT_EQ(::symlink(dir.path("nowhere").c_str(), dir.path("dangling").c_str()), 0);
  EXPECT_TRUE(refusal(dir.path("link")).ends_with(": it is a symbolic link"));
  EXPECT_TRUE(refusal(dir.path("dangling")).ends_with(": it is a symbolic link"));
  EXPECT_TRUE(refusal(dir.path("")).ends_with(": it is neither a regular file nor a FIFO"));
  EXPECT_EQ(refusal("/dev/null"),
            "cannot write dead letters to /dev/null: it is neither a regular file nor a FIFO");
  EXPECT_TRUE(refusal("/dev/full").ends_with(": it is neither a regular file nor a FIFO"));
  EXPECT_TRUE(refusal(dir.path("no/d")).ends_with(": No such file or directory"));
  EXPECT_FALSE(std::filesystem::exists(dir.path("nowhere")));
}

TEST_F(DeadLettersTest, RefusesAnInput) {
  const std::vector<std::string> paths = {dir.write("d", "{}\n")};
  UsedFiles used(paths);
  const auto opened = open_dead_letter_file(paths[0], DlqSync::none, "1", used, drain, sink());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, fmt::format("{} is both an input and an output", paths[0]));
  EXPECT_EQ(dir.read("d"), "{}\n");
}

TEST_F(DeadLettersTest, AFifoGetsLetters) {
  ASSERT_EQ(::mkfifo(dir.path("fifo").c_str(), 0600), 0);
  const Descriptor reader(::open(dir.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto letters = open(dir.path("fifo"));
  ASSERT_TRUE(letters) << letters.error().message;
  (*letters)->write(sample(1, "a"));
  (*letters)->close();
  std::string got(4096, '\0');
  const ssize_t size = ::read(reader.get(), got.data(), got.size());
  ASSERT_GT(size, 0);
  EXPECT_TRUE(got.starts_with("{\"v\":1,"));
  EXPECT_EQ(got[static_cast<std::size_t>(size) - 1], '\n');
}

TEST_F(DeadLettersTest, AFifoWithoutAReaderAnyMoreBreaks) {
  ASSERT_EQ(::mkfifo(dir.path("fifo").c_str(), 0600), 0);
  Descriptor reader(::open(dir.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto letters = open(dir.path("fifo"));
  ASSERT_TRUE(letters);
  reader.close();
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  (*letters)->write(sample(1, "a"));
  (*letters)->flush(start);
  ::signal(SIGPIPE, before);
  EXPECT_TRUE((*letters)->broken());
  EXPECT_NE(errors.find("Broken pipe\nsz: unsaved dead letter: {\"v\":1,"), std::string::npos);
}

TEST_F(DeadLettersTest, ADescriptorOfTheShellIsUsed) {
  const Descriptor file(::open(dir.path("d").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  const auto letters = open(fmt::format("/dev/fd/{}", file.get()));
  ASSERT_TRUE(letters) << letters.error().message;
  (*letters)->write(sample(1, "a"));
  (*letters)->close();
  EXPECT_EQ(numbers(dir.path("d")), std::vector<std::uint64_t>{1});
  EXPECT_NE(refusal("/dev/fd/987"), "opened");
}

/// What was saved and what was printed as unsaved are together all, and what was torn is ended.
TEST_F(DeadLettersTest, AFullDiskPrintsWhatIsUnsaved) {
  const auto before = ::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  const rlimit low{.rlim_cur = 1000, .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  for (std::uint64_t i = 1; i <= 10; ++i) (*letters)->write(sample(i, "esc\x1B"));
  (*letters)->flush(start);
  (*letters)->write(sample(11, "later"));
  (*letters)->close();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  ::signal(SIGXFSZ, before);

  EXPECT_TRUE((*letters)->broken());
  EXPECT_TRUE(errors.starts_with(fmt::format(
      "sz: cannot write dead letters to {}: File too large\nsz: unsaved dead letter: ", dir.path("d"))));
  EXPECT_EQ(errors.find('\x1B'), std::string::npos);
  std::set<std::uint64_t> all;
  auto reader = LetterReader::open(dir.path("d"));
  ReadLetter letter;
  while (reader->next(letter)) EXPECT_TRUE(all.insert(letter.line).second);
  EXPECT_EQ(reader->torn(), 1U);
  EXPECT_GE(all.size(), 3U);
  for (std::uint64_t i = 1; i <= 11; ++i)
    if (errors.find(fmt::format("-{}\",\"ts\"", i)) != std::string::npos) {
      EXPECT_TRUE(all.insert(i).second) << i;
    }
  EXPECT_EQ(all.size(), 11U);
}

TEST_F(DeadLettersTest, WaitsForTheLock) {
  const auto letters = open(dir.path("d"));
  ASSERT_TRUE(letters);
  const Descriptor other(::open(dir.path("d").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  write_all(other.get(), "[1,");
  std::thread writer([&] {
    (*letters)->write(sample(1, "a"));
    (*letters)->close();
  });
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();  // time enough to write without the lock
  write_all(other.get(), "2]\n");
  ::flock(other.get(), LOCK_UN);
  writer.join();
  EXPECT_TRUE(dir.read("d").starts_with("[1,2]\n{\"v\":1,"));
}

TEST_F(DeadLettersTest, TwoProcessesNeverMixLines) {
  constexpr std::uint64_t each = 20'000;
  std::vector<pid_t> children;
  for (int c = 0; c < 2; ++c) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto letters = open(dir.path("d"), DlqSync::none, fmt::format("{:016x}", c));
      if (!letters) ::_exit(9);
      const std::string text(200, static_cast<char>('a' + c));
      for (std::uint64_t i = 1; i <= each; ++i) {
        (*letters)->write(sample(i, std::string_view(text).substr(0, i % 200)));
        if (i % 7 == 0) (*letters)->flush(start);
      }
      (*letters)->close();
      ::_exit((*letters)->broken() ? 9 : 0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  auto reader = LetterReader::open(dir.path("d"));
  std::map<std::string, std::uint64_t> next;
  ReadLetter letter;
  while (reader->next(letter)) ASSERT_EQ(letter.line, ++next[letter.run]);
  EXPECT_EQ(reader->torn() + reader->foreign(), 0U);
  EXPECT_EQ(next["0000000000000000"], each);
  EXPECT_EQ(next["0000000000000001"], each);
}

TEST(RunId, SixteenHexadecimalDigits) {
  const std::string a = make_run_id();
  EXPECT_EQ(a.size(), 16U);
  EXPECT_EQ(a.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(a, make_run_id());
}

}  // namespace
}  // namespace sz::run
