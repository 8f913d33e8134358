#include "run/standard_error.h"

#include <cerrno>
#include <utility>

namespace sz::run {

// Who has to wait for the other thread's line waits for what that one waits for.
int StandardError::say(std::string_view lines) {
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) {
    drain_.act_before_waiting();
    lock.lock();
  }
  return end_.write_all(lines, drain_);
}

void StandardError::print(std::string_view lines) { keep(say(lines)); }

void StandardError::report(std::string_view lines) {
  const int error = say(lines);
  if (error != EBADF && error != EPIPE && error != took_no_more) keep(error);
}

void StandardError::keep(int error) {
  if (error == 0) return;
  const std::lock_guard lock(mutex_);
  if (fault_ == 0) fault_ = error;
}

std::optional<SystemError> StandardError::take_fault() {
  const std::lock_guard lock(mutex_);
  if (fault_ == 0) return std::nullopt;
  return SystemError{"cannot write standard error: " + write_words(std::exchange(fault_, 0))};
}

}  // namespace sz::run
