#include "run/input_port.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/input_name.h"
#include "run/os.h"

namespace sz::run {
namespace {
constexpr int pipe_capacity = 1 << 20;
constexpr std::size_t largest_read = std::size_t{256} << 10;
}  // namespace

std::expected<void, SystemError> InputPort::open(const std::string& path) {
  close();
  const auto refuse = [&](int error) {
    return std::unexpected(
        SystemError{fmt::format("cannot read {}: {}", input_name(path), system_words(error))});
  };
  int fd = standard_;
  if (path != "-") {
    // Non-blocking, for a FIFO without a writer must not hold up signals; poll(2) waits for its first writer.
    do fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return refuse(errno);
    own_ = Descriptor(fd);
  }
  struct stat status{};
  if (::fstat(fd, &status) != 0) {
    const int error = errno;
    close();
    return refuse(error);
  }
  if (S_ISDIR(status.st_mode)) {
    close();
    return refuse(EISDIR);
  }
  fd_ = fd;
  waits_ = !S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode);
  ready_ = false;
  awaited_ = true;
  if (S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
    expect_sequential(fd);
  }
  if (S_ISFIFO(status.st_mode)) widen_pipe(fd, pipe_capacity);
  return {};
}

Host::Read InputPort::read(std::span<char> into) {
  using enum Host::ReadState;
  awaited_ = true;
  if (waits_ && !ready_) {
    pollfd question{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&question, 1, 0) == 0) return {.state = later, .size = 0, .error = {}};
  }
  ready_ = false;
  ssize_t size;
  do size = ::read(fd_, into.data(), std::min(into.size(), largest_read));
  while (size < 0 && errno == EINTR);
  awaited_ = size <= 0;
  if (size > 0) return {.state = bytes, .size = static_cast<std::size_t>(size), .error = {}};
  if (size == 0) return {.state = end, .size = 0, .error = {}};
  if (errno == EAGAIN) return {.state = later, .size = 0, .error = {}};
  return {.state = failed, .size = 0, .error = system_words(errno)};
}

void InputPort::close() {
  own_ = Descriptor();
  fd_ = -1;
  size_.reset();
}

std::optional<std::uint64_t> InputPort::size() const { return size_; }

}  // namespace sz::run
