#if !defined(__linux__) || defined(SZ_POSIX_ONLY)

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "run/os.h"

namespace sz::run {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

void close_on_exec(int fd) { ::fcntl(fd, F_SETFD, FD_CLOEXEC); }

}  // namespace

Bell::Bell() {
  if (open_pipe(heard_, rung_) != 0) return;
  ::fcntl(heard_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(rung_.get(), F_SETFL, O_NONBLOCK);
}

// A pipe that is full has been rung often enough.
void Bell::ring() const {
  while (::write(rung_.get(), "!", 1) < 0 && errno == EINTR) {
  }
}

void Bell::silence() const {
  std::array<char, 64> rings;
  while (::read(heard_.get(), rings.data(), rings.size()) == static_cast<ssize_t>(rings.size())) {
  }
}

Watch::Watch() = default;

void Watch::add(int fd, For what, Mark mark) {
  watched_.push_back(
      {.fd = fd, .events = static_cast<short>(what == For::reading ? POLLIN : POLLOUT), .revents = 0});
  marks_.push_back(mark);
}

void Watch::remove(int fd) {
  const auto found = std::ranges::find(watched_, fd, &pollfd::fd);
  if (found == watched_.end()) return;
  marks_.erase(marks_.begin() + (found - watched_.begin()));
  watched_.erase(found);
}

void Watch::closing(int fd) {
  if (fd >= 0) remove(fd);
}

std::span<const Watch::Mark> Watch::ready() {
  ready_.clear();
  if (!watched_.empty() && ::poll(watched_.data(), static_cast<nfds_t>(watched_.size()), 0) > 0)
    for (std::size_t i = 0; i < watched_.size(); ++i)
      if (watched_[i].revents != 0) ready_.push_back(marks_[i]);
  return ready_;
}

void Watch::wait_for(std::vector<pollfd>& into) const {
  into.insert(into.end(), watched_.begin(), watched_.end());
}

// Up to the next millisecond: too early would wake the caller in vain, over and over.
int poll_for(std::span<pollfd> fds, std::optional<Duration> limit) {
  int time = -1;
  if (limit) {
    const std::int64_t left = limit->ns / millisecond + (limit->ns % millisecond != 0 ? 1 : 0);
    time = static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
  }
  return ::poll(fds.data(), static_cast<nfds_t>(fds.size()), time);
}

int open_pipe(Descriptor& read, Descriptor& write) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return errno;
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  for (const int end : ends) close_on_exec(end);
  return 0;
}

void widen_pipe(int, int) {}
Descriptor reopen_for_writing(int) { return {}; }
Descriptor reopen_for_reading(int) { return {}; }

int open_directory(int at, const char* path, bool follow) {
#ifdef O_SEARCH
  constexpr int access = O_SEARCH;
#else
  constexpr int access = O_RDONLY;
#endif
  return ::openat(at, path, access | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
}

int open_within(int, const char*, int, mode_t) {
  errno = ENOSYS;
  return -1;
}

void expect_sequential(int) {}
int sync_data(int fd) { return ::fsync(fd); }

int make_temporary(char* pattern) {
  const int fd = ::mkstemp(pattern);
  if (fd >= 0) close_on_exec(fd);
  return fd;
}

Descriptor process_descriptor(pid_t) { return {}; }
int close_from(posix_spawn_file_actions_t&, int) { return 0; }

// POSIX has no list of them; poll(2) says of many at once which are open.
void keep_inherited(int first) {
  const long limit = ::sysconf(_SC_OPEN_MAX);
  std::array<pollfd, 256> some;
  for (int fd = first; fd < limit; fd += static_cast<int>(some.size())) {
    for (std::size_t i = 0; i < some.size(); ++i)
      some[i] = {.fd = fd + static_cast<int>(i), .events = 0, .revents = 0};
    const auto count = static_cast<std::size_t>(std::min<long>(some.size(), limit - fd));
    ::poll(some.data(), static_cast<nfds_t>(count), 0);
    for (std::size_t i = 0; i < count; ++i)
      if ((some[i].revents & POLLNVAL) == 0) close_on_exec(some[i].fd);
  }
}

std::optional<std::uint64_t> system_random() {
  std::uint64_t random = 0;
  const Descriptor source(::open("/dev/urandom", O_RDONLY | O_CLOEXEC));
  if (!source || ::read(source.get(), &random, sizeof random) != sizeof random) return std::nullopt;
  return random;
}

const char* find_last(const char* from, const char* to, char byte) {
  while (to != from)
    if (*--to == byte) return to;
  return nullptr;
}

}  // namespace sz::run

#endif
