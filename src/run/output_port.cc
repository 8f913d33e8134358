#include "run/output_port.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sz::run {
namespace {

constexpr int pipe_capacity = 1 << 20;

SystemError cannot_write(int error) {
  return {fmt::format("cannot write standard output: {}", system_words(error))};
}
}  // namespace

OutputPort::OutputPort(int fd, bool reopen) : fd_(fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return;
  if (S_ISSOCK(status.st_mode)) way_ = Way::socket;
  pipe_ = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
  if (!S_ISFIFO(status.st_mode) && !(S_ISCHR(status.st_mode) && ::isatty(fd) == 1)) return;
  if (pipe_) ::fcntl(fd, F_SETPIPE_SZ, pipe_capacity);
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  if (reopen) own_ = Descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  way_ = own_ ? Way::own : Way::pieces;
}

ssize_t OutputPort::write_once(std::string_view bytes) const {
  switch (way_) {
    case Way::file:
    case Way::own:
      return ::write(port(), bytes.data(), bytes.size());
    case Way::socket:
      return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    case Way::pieces: {
      pollfd question{.fd = fd_, .events = POLLOUT, .revents = 0};
      if (::poll(&question, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
      }
      return ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    }
  }
  return -1;
}

Host::Write OutputPort::write(std::string_view bytes) {
  Host::Write result;
  while (result.size < bytes.size()) {
    const ssize_t size = write_once(bytes.substr(result.size));
    if (size > 0) {
      result.size += static_cast<std::size_t>(size);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return result;
    if (size < 0 && (errno == EPIPE || (pipe_ && errno == ECONNRESET)))
      result.closed = closed_ = true;
    else
      result.error = cannot_write(size == 0 ? EIO : errno);
    return result;
  }
  return result;
}

void OutputPort::event(short events) {
  // Of other files, a terminal that hung up for one, only writing tells what is wrong.
  if (pipe_ && (events & (POLLERR | POLLHUP | POLLNVAL)) != 0) closed_ = true;
  told_ = true;
}

bool OutputPort::closed() {
  if (pipe_ && !closed_ && !told_) {
    pollfd question{.fd = port(), .events = 0, .revents = 0};
    ::poll(&question, 1, 0);
    event(question.revents);
  }
  told_ = false;
  return closed_;
}

std::optional<SystemError> OutputPort::close() {
  const int own = own_.close();
  const int error = Descriptor(std::exchange(fd_, -1)).close();
  closed_ = true;
  if (own != 0 || error != 0) return cannot_write(own != 0 ? own : error);
  return std::nullopt;
}

}  // namespace sz::run
