#include "run/drain.h"

#include <algorithm>
#include <array>

#include <poll.h>
#include <time.h>

namespace sz::run {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t monotonic_now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * second + t.tv_nsec;
}

}  // namespace

void Drain::begin() {
  std::int64_t not_yet = 0;
  if (!begun_.compare_exchange_strong(not_yet, std::max<std::int64_t>(monotonic_now(), 1))) return;
  began_.ring();
}

/// Nothing before begin(): then there is no end.
std::optional<Duration> Drain::left() const {
  const std::int64_t begun = begun_;
  if (begun == 0) return std::nullopt;
  return Duration{std::max<std::int64_t>(0, timeout_.ns - (monotonic_now() - begun))};
}

bool Drain::wait_writable(int fd) { return wait(fd, std::nullopt); }

bool Drain::wait(Duration pause) { return wait(-1, pause); }

bool Drain::wait(int fd, std::optional<Duration> most) {
  act_before_waiting();
  for (;;) {
    const std::optional<Duration> left = this->left();
    std::optional<Duration> limit = most;
    if (left && (!most || *left < *most)) limit = left;
    std::array<pollfd, 2> fds{pollfd{.fd = fd, .events = POLLOUT, .revents = 0},
                              pollfd{.fd = left ? -1 : began_.fd(), .events = POLLIN, .revents = 0}};
    const int ready = poll_for(fds, limit);
    if (fds[0].revents != 0) return true;
    if (ready != 0) continue;  // the signal came, or EINTR
    if (left && left->ns == 0) return false;
    if (most) return true;
  }
}

}  // namespace sz::run
