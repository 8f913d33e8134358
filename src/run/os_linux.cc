#if defined(__linux__) && !defined(SZ_POSIX_ONLY)

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "run/os.h"

namespace sz::run {
namespace {
constexpr std::size_t events_at_once = 64;
constexpr std::int64_t second = 1'000'000'000;
}  // namespace

Bell::Bell() : heard_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Bell::ring() const {
  const std::uint64_t one = 1;
  while (::write(heard_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void Bell::silence() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t size = ::read(heard_.get(), &count, sizeof count);
}

Watch::Watch() : set_(::epoll_create1(EPOLL_CLOEXEC)) {}

void Watch::add(int fd, For what, Mark mark) {
  epoll_event event{.events = what == For::reading ? EPOLLIN : EPOLLOUT, .data = {.u64 = mark}};
  ::epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Watch::remove(int fd) { ::epoll_ctl(set_.get(), EPOLL_CTL_DEL, fd, nullptr); }
void Watch::closing(int) {}  // the set forgets what is closed

std::span<const Watch::Mark> Watch::ready() {
  std::array<epoll_event, events_at_once> events;
  const int count = ::epoll_wait(set_.get(), events.data(), static_cast<int>(events.size()), 0);
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    const Mark mark = events[static_cast<std::size_t>(i)].data.u64;  // packed: no reference to it
    ready_.push_back(mark);
  }
  return ready_;
}

void Watch::wait_for(std::vector<pollfd>& into) const {
  into.push_back({.fd = set_.get(), .events = POLLIN, .revents = 0});
}

int poll_for(std::span<pollfd> fds, std::optional<Duration> limit) {
  const timespec time =
      limit ? timespec{.tv_sec = limit->ns / second, .tv_nsec = limit->ns % second} : timespec{};
  return ::ppoll(fds.data(), fds.size(), limit ? &time : nullptr, nullptr);
}

int open_pipe(Descriptor& read, Descriptor& write) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  return 0;
}

void widen_pipe(int fd, int bytes) { ::fcntl(fd, F_SETPIPE_SZ, bytes); }

Descriptor reopen_for_writing(int fd) {
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  return Descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

Descriptor reopen_for_reading(int fd) {
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  return Descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

// No right to read the directory is needed.
int open_directory(int at, const char* path, bool follow) {
  return ::openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
}

// openat2(2), Linux 5.6.
int open_within(int directory, const char* name, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<decltype(how.flags)>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory, name, &how, sizeof how));
}

void expect_sequential(int fd) { ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); }
int sync_data(int fd) { return ::fdatasync(fd); }
int make_temporary(char* pattern) { return ::mkostemp(pattern, O_CLOEXEC); }

// pidfd_open(2), Linux 5.3.
Descriptor process_descriptor(pid_t pid) {
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

int close_from(posix_spawn_file_actions_t& actions, int first) {
  return ::posix_spawn_file_actions_addclosefrom_np(&actions, first);
}
void keep_inherited(int) {}

std::optional<std::uint64_t> system_random() {
  std::uint64_t random = 0;
  ssize_t size;
  do size = ::getrandom(&random, sizeof random, 0);
  while (size < 0 && errno == EINTR);
  if (size != sizeof random) return std::nullopt;
  return random;
}

const char* find_last(const char* from, const char* to, char byte) {
  return static_cast<const char*>(::memrchr(from, byte, static_cast<std::size_t>(to - from)));
}

}  // namespace sz::run

#endif
