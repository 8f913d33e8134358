#include "run/write_end.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/os.h"

namespace sz::run {

WriteEnd::WriteEnd(int fd, bool reopen) : fd_(fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return;
  has_reader_ = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
  if (S_ISSOCK(status.st_mode)) way_ = Way::socket;
  if (!S_ISFIFO(status.st_mode) && !(S_ISCHR(status.st_mode) && ::isatty(fd) == 1)) return;
  if (reopen) own_ = reopen_for_writing(fd);
  way_ = own_ ? Way::own : Way::pieces;
}

ssize_t WriteEnd::write(std::string_view bytes) const {
  switch (way_) {
    case Way::plain:
    case Way::own:
      return ::write(fd(), bytes.data(), bytes.size());
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

int WriteEnd::write_all(std::string_view bytes, Drain& drain, std::size_t* taken) const {
  std::size_t done = 0;
  int error = 0;
  while (done < bytes.size() && error == 0) {
    const ssize_t size = write(bytes.substr(done));
    if (size > 0)
      done += static_cast<std::size_t>(size);
    else if (size == 0)
      error = EIO;
    else if (errno == EAGAIN)
      error = drain.wait_writable(fd()) ? 0 : took_no_more;
    else if (errno != EINTR)
      error = errno;
  }
  if (taken != nullptr) *taken = done;
  return error;
}

int WriteEnd::close() {
  fd_ = -1;
  return own_.close();
}

std::string write_words(int error) {
  return error == took_no_more ? "it took no more before --drain-timeout" : system_words(error);
}

}  // namespace sz::run
