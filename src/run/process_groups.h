#pragma once

#include <mutex>
#include <set>

#include <sys/types.h>

namespace sz::run {

/// The process groups that sz has started and not yet seen to their end. Thread-safe: the thread that ends
/// the process on a second signal kills them all first.
class ProcessGroups {
 public:
  /// Runs `make`, which starts a process and returns its id or something negative, and takes it in: no other
  /// thread finds the list without it in between.
  template <class Make>
  pid_t add(Make&& make) {
    const std::lock_guard lock(mutex_);
    const pid_t made = make();
    if (made > 0) groups_.insert(made);
    return made;
  }
  /// Kills what is left of a group and forgets it. Before its leader is reaped: until then nobody else can
  /// have its number.
  void end(pid_t group);
  /// Kills all of them. None is started afterwards: the list stays locked.
  void kill_all_for_good();

 private:
  std::mutex mutex_;
  std::set<pid_t> groups_;
};

}  // namespace sz::run
