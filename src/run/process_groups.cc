#include "run/process_groups.h"

#include <signal.h>

namespace sz::run {

void ProcessGroups::end(pid_t group) {
  const std::lock_guard lock(mutex_);
  if (groups_.erase(group) != 0) ::kill(-group, SIGKILL);
}

void ProcessGroups::kill_all_for_good() {
  mutex_.lock();
  for (const pid_t group : groups_) ::kill(-group, SIGKILL);
}

}  // namespace sz::run
