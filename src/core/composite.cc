#include "core/composite.h"

#include <algorithm>
#include <utility>

namespace sz {

Out& Composite::exit_of(std::size_t i) {
  while (exits_.size() <= i) exits_.emplace_back(*this, exits_.size());
  return exits_[i];
}

void Composite::bind_inner(Inner inner) { inners_.push_back(std::move(inner)); }

int Composite::width() const {
  int widest = 1;
  for (const Inner& inner : inners_) widest = std::max(widest, inner.width);
  return widest;
}

bool Composite::paces() const {
  return std::ranges::any_of(inners_, [](const Inner& inner) { return inner.paces; });
}

Time Composite::next_due(Time after) const {
  Time next = never;
  for (const Inner& inner : inners_)
    for (const Stage* stage : inner.stages)
      if (const Time due = stage->due(); due > after) next = std::min(next, due);
  return next;
}

// A stage behind one that holds the clock back keeps a timer that is due; each is stopped at once only.
void Composite::advance(const Mark& to) {
  for (Time step = next_due(Time::min()); step < to.clock; step = next_due(step)) {
    note_clock(mark().stopped_at(step, to));
    pass_clock(mark());
  }
  note_clock(to);
  pass_clock(mark());
}

void Composite::pass_clock(const Mark& m) { clock_into_inners(m); }

// What stands behind is told of the clock first: nothing inside can come out before it any more, and what a
// timer inside releases finds the timers of that instant behind it fired. What is settled it hears from
// inside.
void Composite::clock_into_inners(const Mark& given) {
  const Mark m = given;  // what is behind may change what it was read from
  if (closed()) return;
  seen_ = either_reached(seen_, m);
  for (std::size_t i = 0; i < inners_.size(); ++i)
    if (!inners_[i].paces && takes_clock(i)) exits_[i].clock.clock = std::max(exits_[i].clock.clock, m.clock);
  settle_clock();
  const bool outermost = !std::exchange(stepping_, true);
  for (std::size_t i = inners_.size(); i-- > 0;)
    if (i >= ending_ && takes_clock(i)) inners_[i].head->advance(clock_into(i, m));
  if (!outermost) return;
  stepping_ = false;
  settle_clock();
}

void Composite::exit_moved(std::size_t) {
  if (!stepping_) settle_clock();
}

void Composite::settle_clock() {
  if (!run().event_time || closed()) return;
  Mark m = both_reached(seen_, clock_limit());
  for (std::size_t i = 0; i < exits_.size(); ++i)
    if (!exits_[i].ended && clock_by_exit(i)) m = both_reached(m, exits_[i].clock);
  m = either_reached(m, passed_);
  if (m == passed_) return;
  passed_ = m;
  next().advance(m);
}

Time Composite::settled_at_exits() const {
  Time settled = never;
  for (std::size_t i = 0; i < exits_.size(); ++i)
    if (!exits_[i].ended && clock_by_exit(i)) settled = std::min(settled, exits_[i].clock.settled);
  return settled;
}

bool Composite::all_exits_ended() const {
  for (std::size_t i = 0; i < exits_.size(); ++i)
    if (!exits_[i].ended && !discards(i)) return false;
  return true;
}

std::size_t Composite::held_inside(std::size_t i) const {
  std::size_t held = 0;
  for (const Stage* stage : inners_[i].stages) {
    held += stage->held();
    if (const auto* composite = dynamic_cast<const Composite*>(stage)) held += composite->joining();
  }
  return held;
}

// Pipelines that have all ended by themselves end the output early, unless something goes past them.
void Composite::close() {
  if (closed() || std::exchange(closing_, true)) return;
  if (ended() && may_end())
    while (ending_ < inners_.size() && may_end_inner(ending_)) inners_[ending_++].head->end();
  closing_ = false;
  const bool over = ended() ? ending_ == inners_.size() : !passes_by();
  if (over && all_exits_ended() && held() == 0 && joining() == 0) pass_end();
}

}  // namespace sz
