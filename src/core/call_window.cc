#include "core/call_window.h"

#include <algorithm>

namespace sz {
namespace {

void add(CallWindow::Sums& sums, CallResult result) {
  ++sums.calls;
  sums.failed += result.failed ? 1 : 0;
  sums.slow += result.slow ? 1 : 0;
}

void subtract(CallWindow::Sums& sums, const CallWindow::Sums& other) {
  sums.calls -= other.calls;
  sums.failed -= other.failed;
  sums.slow -= other.slow;
}

}  // namespace

CallWindow::CallWindow(std::variant<std::uint64_t, Duration> size) : by_count_(size.index() == 0) {
  if (by_count_) {
    ring_.resize(static_cast<std::size_t>(std::max<std::uint64_t>(1, std::get<0>(size))));
  } else {
    slice_.ns = std::max<std::int64_t>(1, std::get<1>(size).ns / slices);
    sliced_.resize(slices);
  }
}

void CallWindow::add_counted(CallResult result) {
  CallResult& place = ring_[at_];
  if (sums_.calls == ring_.size()) {
    --sums_.calls;
    sums_.failed -= place.failed ? 1 : 0;
    sums_.slow -= place.slow ? 1 : 0;
  }
  place = result;
  at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
  sz::add(sums_, result);
}

void CallWindow::add_timed(CallResult result, Time now) {
  const Time::Wide number = now.ns() / slice_.ns;
  if (sums_.calls == 0 || number > newest_) {
    forget_before(number - slices + 1);
    newest_ = number;
  }
  Slice& slice = sliced_[static_cast<std::size_t>(newest_ % slices)];
  slice.number = newest_;
  sz::add(slice.sums, result);
  sz::add(sums_, result);
}

void CallWindow::forget_before(Time::Wide number) {
  if (sums_.calls == 0) return;
  const Time::Wide end = std::min(number, newest_ + 1);
  for (Time::Wide old = newest_ - slices + 1; old < end; ++old) {
    Slice& slice = sliced_[static_cast<std::size_t>((old % slices + slices) % slices)];
    if (slice.number != old) continue;
    subtract(sums_, slice.sums);
    slice.sums = {};
  }
}

void CallWindow::clear() {
  sums_ = {};
  at_ = 0;
  for (Slice& slice : sliced_) slice = {};
}

}  // namespace sz
