#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>
#include <spawn.h>
#include <sys/types.h>

#include "core/time.h"
#include "run/descriptor.h"

// What Linux does better than POSIX.1-2008, or what POSIX.1-2008 does not have, with one meaning and two
// implementations: os_linux.cc, and os_posix.cc for every other system and for builds with SZ_POSIX_ONLY.
// Nothing else in sz calls what only Linux has. Taken for granted beyond POSIX are flock(2), MSG_DONTWAIT,
// TIOCGWINSZ and /dev/fd, which the BSDs and macOS have as well. (fcntl(2)'s locks are no substitute: a
// process loses them when it closes the file anywhere, and whoever locks with flock(2) does not see them.)

namespace sz::run {

/// Wakes a poll(2). ring() may come from any thread.
class Bell {
 public:
  Bell();
  /// Can be read from ring() to silence().
  int fd() const { return heard_.get(); }
  void ring() const;
  void silence() const;

 private:
  Descriptor heard_;
  Descriptor rung_;  ///< empty if one descriptor does for both: eventfd(2)
};

/// Descriptors, each watched for one thing: level-triggered as in poll(2), and told also of errors and
/// hang-ups.
class Watch {
 public:
  using Mark = std::uint64_t;
  enum class For : std::uint8_t { reading, writing };

  Watch();
  /// `mark` is what ready() tells. A descriptor is watched once at a time.
  void add(int fd, For what, Mark mark);
  void remove(int fd);
  /// To be called before a descriptor is closed that may be watched.
  void closing(int fd);
  /// The marks of some that are ready, without waiting. Lent until the next call.
  std::span<const Mark> ready();
  /// Appends what poll(2) has to wait for until ready() has something.
  void wait_for(std::vector<pollfd>& into) const;

 private:
  Descriptor set_;  ///< of epoll(7); the two below stay empty then
  std::vector<pollfd> watched_;
  std::vector<Mark> marks_;
  std::vector<Mark> ready_;
};

/// poll(2), but `limit` is exact where the system can be; none: without end.
int poll_for(std::span<pollfd> fds, std::optional<Duration> limit);

/// A pipe whose ends close on exec: 0 or errno.
int open_pipe(Descriptor& read, Descriptor& write);
/// Lets a pipe hold `bytes`, if it can.
void widen_pipe(int fd, int bytes);
/// The description behind `fd`, a pipe or a terminal, once more, for writing and non-blocking. Empty if that
/// cannot be had.
Descriptor reopen_for_writing(int fd);
/// The file behind `fd` once more, for reading. Empty if that cannot be had.
Descriptor reopen_for_reading(int fd);
/// Says that a file is going to be read from its beginning to its end.
void expect_sequential(int fd);
/// Brings a file's bytes to the disk: 0, or -1 with errno.
int sync_data(int fd);
/// A directory as the place from which openat(2) starts; with `at` and `path` as there. No link is followed
/// at its end if `follow` is false. -1 with errno.
int open_directory(int at, const char* path, bool follow);
/// openat(2), but no symbolic link is followed, also on the way, and nothing above `directory` is reached.
/// ENOSYS where the system cannot do it at once.
int open_within(int directory, const char* name, int flags, mode_t mode);
/// mkstemp(3), closing on exec.
int make_temporary(char* pattern);

/// Can be read once the process has ended; empty where there is no such thing.
Descriptor process_descriptor(pid_t pid);
/// Lets a new process have no descriptor from `first` on: 0 or errno. Only together with the call below.
int close_from(posix_spawn_file_actions_t& actions, int first);
/// What this process was started with, from descriptor `first` on, will not be seen by those that it starts.
void keep_inherited(int first);

/// Random bits of the system's; none if it has none to give.
std::optional<std::uint64_t> system_random();
/// Where the last `byte` is in [from, to); null if it is not there.
const char* find_last(const char* from, const char* to, char byte);

}  // namespace sz::run
