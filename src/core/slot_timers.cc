#include "core/slot_timers.h"

#include <utility>

namespace sz {

void SlotTimers::set(Slot slot, Time at) {
  if (stamps_.size() <= slot) stamps_.resize(slot + std::size_t{1});
  if (std::exchange(stamps_[slot], ++last_stamp_) == 0) ++active_;
  queue_.push_back({at, slot, last_stamp_});
  tidy();
}

void SlotTimers::cancel(Slot slot) {
  if (slot >= stamps_.size() || std::exchange(stamps_[slot], 0) == 0) return;
  --active_;
  tidy();
}

SlotTimers::Slot SlotTimers::take() {
  const Slot slot = queue_.front().slot;
  cancel(slot);
  return slot;
}

void SlotTimers::tidy() {
  constexpr std::size_t slack = 64;
  while (!queue_.empty() && stale(queue_.front())) queue_.pop_front();
  if (queue_.size() > 2 * active_ + slack)
    std::erase_if(queue_, [this](const Timer& timer) { return stale(timer); });
}

}  // namespace sz
