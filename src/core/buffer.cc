#include "core/buffer.h"

#include <utility>

namespace sz {

void Buffer::pass(Record& record) {
  const bool outermost = !std::exchange(passing_, true);
  emit(record);
  if (outermost) passing_ = false;
}

void Buffer::push(Record& record) {
  enter();
  if (!queue_) queue_.emplace(run().keep_originals);
  if (queue_->empty() && pressure_ == 0 && !passing_) return pass(record);
  if (when_full_ != WhenFull::block && !fits(record)) {
    if (when_full_ == WhenFull::drop_newest) return shed_one(record);
    if (when_full_ == WhenFull::fail) return fail(record, FailureKind::full, "the buffer is full");
    if (!passing_) {  // or it would take the bytes of the record on its way; the next one makes room for both
      make_room(record);
      if (!fits(record)) return shed_one(record);  // larger than the whole buffer
    }
  }
  keep(record);
}

void Buffer::keep(Record& record) {
  queue_->put(record, mark());
  hold_source();
  // It waits only for the one on its way: let the runner come round.
  if (passing_ && pressure_ == 0) run().attention = true;
}

bool Buffer::fits(const Record& record) const {
  if (limits_.records && queue_->size() >= *limits_.records) return false;
  return !limits_.bytes || queue_->bytes() + queue_->cost(record) <= *limits_.bytes;
}

// Of a size in bytes the last record that was taken may be over it: a push is always accepted.
bool Buffer::full() const {
  return (limits_.records && queue_->size() >= *limits_.records) ||
         (limits_.bytes && queue_->bytes() >= *limits_.bytes);
}

void Buffer::make_room(const Record& record) {
  if (limits_.bytes && queue_->cost(record) > *limits_.bytes) return;
  while (!queue_->empty() && !fits(record)) {
    Record oldest = queue_->take(spare_);
    shed_one(oldest);
  }
}

void Buffer::shed_one(Record& record) {
  if (branch_ == 0 || !events()) return shed(record, "full");
  if (record.line != nullptr)
    event("dropped", {{"reason", "full"}, {"branch", branch_}, {"line", record.line->number}});
  else
    event("dropped", {{"reason", "full"}, {"branch", branch_}});
  drop(record, "full");
}

void Buffer::feed(std::size_t most) {
  while (ready() && most-- != 0 && !run().attention) {
    if (run().event_time) Stage::pass_clock(queue_->first_clock());
    Record record = queue_->take(spare_);
    pass(record);
    hold_source();
  }
  if (run().event_time && queue().empty()) Stage::pass_clock(mark());
}

void Buffer::pass_clock(const Mark& m) {
  if (queue().empty() && !passing_) Stage::pass_clock(m);
}

void Buffer::abandon() {
  while (!queue().empty()) {
    Record record = queue_->take(spare_);
    give_up(record);
  }
  if (queue_) hold_source();
}

}  // namespace sz
