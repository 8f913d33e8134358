#include "run/letter_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/os.h"

namespace sz::run {
namespace {

/// The N of /dev/fd/N, which is what a shell's >(command) hands over.
std::optional<int> inherited(std::string_view path) {
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string_view digits = path.substr(folder.size());
    int fd = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
    if (error == std::errc() && end == digits.data() + digits.size() && fd >= 0) return fd;
  }
  return std::nullopt;
}

int open_path(const std::string& path, int mode) {
  int fd;
  do fd = ::open(path.c_str(), mode | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
  while (fd < 0 && errno == EINTR);
  return fd;
}

/// How long it waits before it asks for the lock again: flock(2) has no time limit, and a signal must end it.
constexpr Duration first_pause{500'000}, longest_pause{20'000'000};

}  // namespace

std::expected<LetterFile, SystemError> LetterFile::open(const std::string& path, UsedFiles& used,
                                                        Drain& drain, std::string_view what) {
  const auto refuse = [&](std::string_view why) {
    return std::unexpected(SystemError{fmt::format("cannot write {} to {}: {}", what, quote(path), why)});
  };
  LetterFile file(drain);
  if (path == "-") {
    file.fd_ = 2;
    file.end_ = WriteEnd(2);
    return file;
  }
  constexpr std::string_view wrong = "it is neither a regular file nor a FIFO";
  const auto descriptor = inherited(path);
  struct stat status{};
  // Looked at before it is opened, since opening a device can have effects; and again afterwards.
  const int looked = descriptor ? ::fstat(*descriptor, &status) : ::lstat(path.c_str(), &status);
  if (looked == 0 && S_ISLNK(status.st_mode)) return refuse("it is a symbolic link");
  if (looked == 0 && !S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) return refuse(wrong);
  int fd;
  if (descriptor) {
    fd = ::fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
  } else {
    const bool fifo = looked == 0 && S_ISFIFO(status.st_mode);
    fd = open_path(path, fifo ? O_WRONLY : O_RDWR);
    if (fd < 0 && errno == EACCES && !fifo) fd = open_path(path, O_WRONLY);
  }
  if (fd < 0) return refuse(errno == ELOOP ? "it is a symbolic link" : system_words(errno));
  file.own_ = Descriptor(fd);
  file.fd_ = fd;
  file.end_ = WriteEnd(fd);
  if (::fstat(fd, &status) != 0) return refuse(system_words(errno));
  file.regular_ = S_ISREG(status.st_mode);
  if (!file.regular_ && !S_ISFIFO(status.st_mode)) return refuse(wrong);
  if (auto same = used.claim(fd, path)) return std::unexpected(*std::move(same));
  const int flags = ::fcntl(fd, F_GETFL);
  if (file.regular_ && (flags & O_APPEND) == 0) return refuse("it is not open for appending");
  file.readable_ = file.regular_ && (flags & O_ACCMODE) == O_RDWR;
  // Writes the newline that a torn last line lacks, and shows now whether locking and writing work.
  if (const auto tried = file.append({}); tried.error != 0) return refuse(write_words(tried.error));
  return file;
}

/// The file ends in a line without its end. Asked under the lock.
bool LetterFile::torn() const {
  struct stat status{};
  char last = '\n';
  if (!readable_ || ::fstat(fd_, &status) != 0 || status.st_size == 0) return false;
  return ::pread(fd_, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

int LetterFile::lock() const {
  Duration pause = first_pause;
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return errno;
    if (!drain_->wait(pause)) return took_no_more;
    pause.ns = std::min(2 * pause.ns, longest_pause.ns);
  }
  return 0;
}

LetterFile::Appended LetterFile::append(std::string_view lines) {
  Appended result;
  if (!own_) {  // stderr, which may be a terminal
    result.error = end_.write_all(quote_json(lines), *drain_);
    result.saved = result.error == 0 ? lines.size() : 0;
    return result;
  }
  result.error = lock();
  if (result.error != 0) return result;
  if (torn()) result.error = end_.write_all("\n", *drain_);
  if (result.error == 0) {
    result.error = end_.write_all(lines, *drain_, &result.saved);
    if (result.error != 0 && result.saved != 0 && lines[result.saved - 1] != '\n')
      end_.write_all("\n", *drain_);
  }
  ::flock(fd_, LOCK_UN);
  return result;
}

int LetterFile::sync() {
  if (!regular_) return 0;
  while (sync_data(fd_) != 0)
    if (errno != EINTR) return errno == EINVAL || errno == EROFS ? 0 : errno;
  return 0;
}

int LetterFile::close() {
  fd_ = -1;
  const int error = end_.close();
  const int own_error = own_.close();
  return error != 0 ? error : own_error;
}

}  // namespace sz::run
