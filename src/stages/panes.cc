#include "stages/panes.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sz::window {

using aggregate::Aggregates;
using aggregate::Arrival;
using aggregate::is_small;
using aggregate::Layout;
using aggregate::State;
using aggregate::StateKind;
using aggregate::States;

namespace {

std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

}  // namespace

Wide Grid::floor_of(Wide x) const {
  const Wide from = x - offset_;
  const Wide rest = from % slide_;
  return x - (rest < 0 ? rest + slide_ : rest);
}

Grid::Pane Grid::pane_of(Wide x) const {
  const Wide begin = floor_of(x);
  const Wide slides = (begin - offset_) / slide_;
  if (rest_ == 0) return {begin, begin + slide_, static_cast<std::int64_t>(slides)};
  if (x - begin < rest_) return {begin, begin + rest_, static_cast<std::int64_t>(2 * slides)};
  return {begin + rest_, begin + slide_, static_cast<std::int64_t>(2 * slides + 1)};
}

Wide Grid::begin_of(std::int64_t index) const {
  if (rest_ == 0) return offset_ + index * slide_;
  const std::int64_t second = index & 1;
  return offset_ + (index - second) / 2 * slide_ + second * rest_;
}

Wide Grid::last_end(Wide x) const { return floor_of(x) + size_; }

// Ends lie `size` behind begins: the first end behind x is that of the first window that begins behind x -
// size.
Wide Grid::first_end(Wide x) const { return floor_of(x - size_) + slide_ + size_; }

Panes::Sliding::Sliding(const Aggregates& aggregates)
    : rest(aggregates.make()), running(aggregates.make_sliding()) {}

Panes::More& Panes::more() {
  if (more_) return *more_;
  more_ = std::make_unique<More>();
  if (one_.there) more_->panes.push_back(std::exchange(one_, Pane()));
  return *more_;
}

Panes::Sliding& Panes::start_sliding(const Aggregates& aggregates) {
  More& m = more();
  if (!m.sliding) m.sliding = std::make_unique<Sliding>(aggregates);
  return *m.sliding;
}

Pane& Panes::at_slowly(std::int64_t index, const Aggregates& aggregates, bool records, bool& fresh) {
  Pane pane{.index = index, .there = true, .states = {}, .members = {}};
  const auto fill = [&] {
    fresh = true;
    pane.states = aggregates.make();
    if (records) pane.members = std::make_unique<Members>();
  };
  if (!more_ && !one_.there) {
    fill();
    return one_ = std::move(pane);
  }
  std::vector<Pane>& panes = more().panes;
  const auto first = panes.begin() + offset(more_->head());
  auto place = panes.end();
  if (first != panes.end() && panes.back().index > index)
    place = std::ranges::lower_bound(first, panes.end(), index, {}, &Pane::index);
  if (place != panes.end() && place->index == index) return *place;
  fill();
  const auto at = static_cast<std::size_t>(place - panes.begin());
  panes.insert(place, std::move(pane));
  if (more_->sliding && at < more_->sliding->done) {
    Sliding& s = *more_->sliding;
    ++s.done;
    if (at < s.middle) {
      s.stacked.insert(s.stacked.begin() + offset(at), aggregates.make());
      ++s.middle;
      s.dirty = std::max(s.dirty + (at < s.dirty ? 1 : 0), at + 1);
    }
  }
  return panes[at];
}

void Panes::add(Pane& pane, const Aggregates& aggregates, const Arrival& arrival) {
  ++pane.records;
  if (!more_ || !more_->sliding) [[likely]]
    return aggregates.add(pane.states, arrival);
  const auto at = static_cast<std::size_t>(&pane - more_->panes.data());
  Sliding& s = *more_->sliding;
  if (at >= s.done) return aggregates.add(pane.states, arrival);
  ++s.records;
  for (std::size_t i = 0; i < pane.states.size(); ++i) {
    if (!is_small(pane.states[i].kind())) {
      add_to_running(pane, i, aggregates, arrival);
      continue;
    }
    aggregates.add(pane.states[i], i, arrival);
    if (at >= s.middle) aggregates.add(s.rest[i], i, arrival);
  }
  if (at < s.middle) s.dirty = std::max(s.dirty, at + 1);
}

void Panes::add_to_running(Pane& pane, std::size_t i, const Aggregates& aggregates, const Arrival& arrival) {
  const State state = pane.states[i], running = more_->sliding->running[i];
  if (state.kind() == StateKind::distinct) {
    const DistinctCount& distinct = state.as<DistinctCount>();
    const bool exact = distinct.exact();
    aggregates.add(state, i, arrival);
    if (!exact) return;
    if (!distinct.exact()) return recount(i);
    for (const auto& datum : aggregates.read_for(i))
      running.as<DistinctCount>().add_exact(datum.canonical, arrival.number);
    return;
  }
  aggregates.add(state, i, arrival);
  if (state.kind() != StateKind::list && state.kind() != StateKind::series)
    aggregates.add(running, i, arrival);
}

// A pane in the window went over to estimating: what it held exactly is not at hand any more.
void Panes::recount(std::size_t i) {
  Sliding& s = *more_->sliding;
  s.running.renew(i);
  ++s.estimates;
  each_in_window([&](Pane& pane) {
    const DistinctCount& portion = pane.states[i].as<DistinctCount>();
    if (portion.exact()) s.running[i].as<DistinctCount>().merge_exact(portion);
  });
}

void Panes::enter() {
  Sliding& s = *more_->sliding;
  Pane& pane = more_->panes[s.done++];
  s.records += pane.records;
  for (std::size_t i = 0; i < pane.states.size(); ++i) {
    const State state = pane.states[i];
    if (is_small(state.kind())) {
      merge(s.rest[i], state);
    } else if (state.kind() == StateKind::quantiles) {
      s.running[i].as<SlidingQuantiles>().add(state.as<Quantiles>());
    } else if (state.kind() == StateKind::tally) {
      merge(s.running[i], state);
    } else if (state.kind() == StateKind::distinct) {
      if (state.as<DistinctCount>().exact())
        s.running[i].as<DistinctCount>().merge_exact(state.as<DistinctCount>());
      else
        ++s.estimates;
    }
  }
}

void Panes::leave(const Aggregates& aggregates) {
  Sliding& s = *more_->sliding;
  if (s.head == s.middle) {
    s.middle = s.done;
    s.stacked.resize(s.middle);
    stack(s.middle, aggregates);
    s.rest = aggregates.make();
    s.dirty = 0;
  }
  Pane& pane = more_->panes[s.head];
  s.records -= pane.records;
  for (std::size_t i = 0; i < pane.states.size(); ++i) {
    const State state = pane.states[i];
    if (state.kind() == StateKind::quantiles) {
      s.running[i].as<SlidingQuantiles>().remove(state.as<Quantiles>());
    } else if (state.kind() == StateKind::tally) {
      s.running[i].as<Tally>().remove(state.as<Tally>());
    } else if (state.kind() == StateKind::distinct) {
      if (state.as<DistinctCount>().exact())
        s.running[i].as<DistinctCount>().remove_exact(state.as<DistinctCount>());
      else
        --s.estimates;
    }
  }
  pane.states.clear();
  pane.members.reset();
  s.stacked[s.head].clear();
  ++s.head;
  compact();
}

/// Makes the stack anew from `below` down to the head.
void Panes::stack(std::size_t below, const Aggregates& aggregates) {
  Sliding& s = *more_->sliding;
  for (std::size_t at = below; at-- > s.head;) {
    s.stacked[at] = aggregates.make();
    const States& states = more_->panes[at].states;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (!is_small(states[i].kind())) continue;
      merge(s.stacked[at][i], states[i]);
      if (at + 1 < s.middle) merge(s.stacked[at][i], s.stacked[at + 1][i]);
    }
  }
}

States& Panes::result(const Aggregates& aggregates) {
  Sliding& s = *more_->sliding;
  if (s.dirty > s.head) stack(std::min(s.dirty, s.middle), aggregates);
  s.dirty = 0;
  for (std::size_t i = 0; i < s.running.size(); ++i) conclude(i, aggregates.layout());
  return s.running;
}

void Panes::conclude(std::size_t i, const Layout& layout) {
  Sliding& s = *more_->sliding;
  const StateKind kind = layout.kind(i);
  if (is_small(kind)) {
    s.running.renew(i);
    if (s.head < s.middle) merge(s.running[i], s.stacked[s.head][i]);
    if (s.middle < s.done) merge(s.running[i], s.rest[i]);
  } else if (kind == StateKind::list || kind == StateKind::series) {
    s.running.renew(i);
    each_in_window([&](Pane& pane) { merge(s.running[i], pane.states[i]); });
  } else if (kind == StateKind::quantiles) {
    auto& result = s.running[i].as<SlidingQuantiles>();
    if (!result.wants_refill()) return;
    std::vector<const Quantiles*> portions;
    each_in_window([&](Pane& pane) { portions.push_back(&pane.states[i].as<Quantiles>()); });
    result.refill(portions);
  } else if (kind == StateKind::tally) {
    auto& result = s.running[i].as<Tally>();
    if (!result.unsettled()) return;
    std::vector<const Tally*> portions;
    each_in_window([&](Pane& pane) { portions.push_back(&pane.states[i].as<Tally>()); });
    result.settle_first(portions);
  } else if (kind == StateKind::distinct) {
    auto& result = s.running[i].as<DistinctCount>();
    result.say(std::nullopt);
    if (s.estimates == 0) return;
    DistinctCount all(layout.secret(), layout.seed());
    each_in_window([&](Pane& pane) { all.merge(pane.states[i].as<DistinctCount>()); });
    result.say(all.count());
  }
}

void Panes::pop_front() {
  if (!more_) {
    one_ = Pane();
    return;
  }
  std::vector<Pane>& panes = more_->panes;
  panes[more_->popped++] = Pane();
  if (2 * more_->popped < panes.size()) return;
  panes.erase(panes.begin(), panes.begin() + offset(more_->popped));
  more_->popped = 0;
}

void Panes::compact() {
  Sliding& s = *more_->sliding;
  constexpr std::size_t slack = 64;
  if (s.head < slack || s.head < more_->panes.size() / 2) return;
  more_->panes.erase(more_->panes.begin(), more_->panes.begin() + offset(s.head));
  s.stacked.erase(s.stacked.begin(), s.stacked.begin() + offset(s.head));
  s.middle -= s.head;
  s.done -= s.head;
  s.dirty -= std::min(s.dirty, s.head);
  s.head = 0;
}

}  // namespace sz::window
