#include "run/descriptor.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace sz::run {

Descriptor::~Descriptor() { close(); }

int Descriptor::close() {
  // Not tried again after EINTR: on Linux the descriptor is gone then (close(2), "Dealing with error
  // returns").
  if (fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR) return 0;
  return errno;
}

std::string system_words(int error) { return std::generic_category().message(error); }

int write_all(int fd, std::string_view bytes, std::size_t* taken) {
  std::size_t done = 0;
  int error = 0;
  while (done < bytes.size()) {
    const ssize_t size = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (size > 0) {
      done += static_cast<std::size_t>(size);
      continue;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) {  // somebody else made it non-blocking
      pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    error = size == 0 ? EIO : errno;
    break;
  }
  if (taken != nullptr) *taken = done;
  return error;
}

void reserve_standard_descriptors() {
  for (const auto& [fd, mode] : {std::pair(0, O_WRONLY), std::pair(1, O_RDONLY), std::pair(2, O_RDONLY)})
    if (::fcntl(fd, F_GETFD) < 0) {
      const int opened = ::open("/dev/null", mode);  // the lowest free one: those below are taken
      if (opened > fd) ::close(opened);
    }
}

void die_of(int signal) {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
}

}  // namespace sz::run
