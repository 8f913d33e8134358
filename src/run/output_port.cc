#include "run/output_port.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "run/os.h"

namespace sz::run {
namespace {

constexpr int pipe_capacity = 1 << 20;

SystemError cannot_write(int error) {
  return {fmt::format("cannot write standard output: {}", system_words(error))};
}
}  // namespace

OutputPort::OutputPort(int fd, bool reopen) : fd_(fd), end_(fd, reopen) { widen_pipe(fd, pipe_capacity); }

Host::Write OutputPort::write(std::string_view bytes) {
  Host::Write result;
  while (result.size < bytes.size()) {
    const ssize_t size = end_.write(bytes.substr(result.size));
    if (size > 0) {
      result.size += static_cast<std::size_t>(size);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return result;
    if (size < 0 && (errno == EPIPE || (end_.has_reader() && errno == ECONNRESET)))
      result.closed = closed_ = true;
    else
      result.error = cannot_write(size == 0 ? EIO : errno);
    return result;
  }
  return result;
}

void OutputPort::event(short events) {
  // Of other files, a terminal that hung up for one, only writing tells what is wrong.
  if (end_.has_reader() && (events & (POLLERR | POLLHUP | POLLNVAL)) != 0) closed_ = true;
  told_ = true;
}

bool OutputPort::closed() {
  if (end_.has_reader() && !closed_ && !told_) {
    pollfd question{.fd = end_.fd(), .events = 0, .revents = 0};
    ::poll(&question, 1, 0);
    event(question.revents);
  }
  told_ = false;
  return closed_;
}

std::optional<SystemError> OutputPort::close() {
  const int own = end_.close();
  const int error = Descriptor(std::exchange(fd_, -1)).close();
  closed_ = true;
  if (own != 0 || error != 0) return cannot_write(own != 0 ? own : error);
  return std::nullopt;
}

}  // namespace sz::run
