#include "stages/panes.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sz::window {

using aggregate::Aggregates;
using aggregate::Arrival;
using aggregate::is_small;
using aggregate::State;
using aggregate::StateKind;
using aggregate::States;

namespace {

std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

Quantiles& quantiles(Pane& pane, std::size_t i) { return *std::get_if<Quantiles>(&pane.states[i]); }
DistinctCount& distinct(State& state) { return **std::get_if<std::unique_ptr<DistinctCount>>(&state); }
Tally& tally(State& state) { return **std::get_if<std::unique_ptr<Tally>>(&state); }
SlidingQuantiles& sliding_quantiles(State& state) {
  return **std::get_if<std::unique_ptr<SlidingQuantiles>>(&state);
}

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

Panes::Sliding::Sliding(const Aggregates& aggregates) : rest(aggregates.make()), running(aggregates.make()) {
  for (std::size_t i = 0; i < aggregates.kinds().size(); ++i)
    if (aggregates.kinds()[i] == StateKind::quantiles) running[i] = std::make_unique<SlidingQuantiles>();
}

Pane& Panes::at(std::int64_t index, const Aggregates& aggregates, bool records, bool& fresh) {
  fresh = false;
  if (!panes_.empty() && panes_.back().index == index) [[likely]]
    return panes_.back();
  const auto first = panes_.begin() + offset(head());
  auto place = panes_.end();
  if (first != panes_.end() && panes_.back().index > index)
    place = std::lower_bound(first, panes_.end(), index,
                             [](const Pane& pane, std::int64_t i) { return pane.index < i; });
  if (place != panes_.end() && place->index == index) return *place;
  fresh = true;
  Pane pane{.index = index, .states = aggregates.make(), .members = {}};
  if (records) pane.members = std::make_unique<Members>();
  const auto at = static_cast<std::size_t>(place - panes_.begin());
  panes_.insert(place, std::move(pane));
  if (sliding_ && at < sliding_->done) {
    Sliding& s = *sliding_;
    ++s.done;
    if (at < s.middle) {
      s.stacked.insert(s.stacked.begin() + offset(at), aggregates.make());
      ++s.middle;
      s.dirty = std::max(s.dirty + (at < s.dirty ? 1 : 0), at + 1);
    }
  }
  return panes_[at];
}

void Panes::add(Pane& pane, const Aggregates& aggregates, const Arrival& arrival) {
  ++pane.records;
  const auto at = static_cast<std::size_t>(&pane - panes_.data());
  if (!sliding_ || at >= sliding_->done) [[likely]]
    return aggregates.add(pane.states, arrival);
  Sliding& s = *sliding_;
  ++s.records;
  for (std::size_t i = 0; i < aggregates.kinds().size(); ++i) {
    if (!is_small(aggregates.kinds()[i])) {
      add_to_running(pane, i, aggregates, arrival);
      continue;
    }
    aggregates.add(pane.states[i], i, arrival);
    if (at >= s.middle) aggregates.add(s.rest[i], i, arrival);
  }
  if (at < s.middle) s.dirty = std::max(s.dirty, at + 1);
}

void Panes::add_to_running(Pane& pane, std::size_t i, const Aggregates& aggregates, const Arrival& arrival) {
  const StateKind kind = aggregates.kinds()[i];
  State& running = sliding_->running[i];
  if (kind == StateKind::distinct) {
    const bool exact = distinct(pane.states[i]).exact();
    aggregates.add(pane.states[i], i, arrival);
    if (!exact) return;
    if (!distinct(pane.states[i]).exact()) return recount(i, aggregates);
    for (const auto& datum : aggregates.read_for(i))
      distinct(running).add_exact(datum.canonical, arrival.number);
    return;
  }
  aggregates.add(pane.states[i], i, arrival);
  for (const auto& datum : aggregates.read_for(i)) {
    if (kind == StateKind::quantiles) sliding_quantiles(running).add(datum.number.d);
    if (kind == StateKind::tally) tally(running).add(datum.canonical, datum.written, arrival.number);
  }
}

// A pane in the window went over to estimating: what it held exactly is not at hand any more.
void Panes::recount(std::size_t i, const Aggregates& aggregates) {
  sliding_->running[i] = aggregates.make_one(i);
  ++sliding_->estimates;
  each_in_window([&](Pane& pane) {
    if (distinct(pane.states[i]).exact())
      distinct(sliding_->running[i]).merge_exact(distinct(pane.states[i]));
  });
}

void Panes::enter(const Aggregates& aggregates) {
  Sliding& s = *sliding_;
  Pane& pane = panes_[s.done++];
  s.records += pane.records;
  for (std::size_t i = 0; i < aggregates.kinds().size(); ++i) {
    const StateKind kind = aggregates.kinds()[i];
    if (is_small(kind)) {
      aggregate::merge(s.rest[i], kind, pane.states[i]);
    } else if (kind == StateKind::quantiles) {
      sliding_quantiles(s.running[i]).add(quantiles(pane, i));
    } else if (kind == StateKind::tally) {
      tally(s.running[i]).merge(tally(pane.states[i]));
    } else if (kind == StateKind::distinct) {
      if (distinct(pane.states[i]).exact())
        distinct(s.running[i]).merge_exact(distinct(pane.states[i]));
      else
        ++s.estimates;
    }
  }
}

void Panes::leave(const Aggregates& aggregates) {
  Sliding& s = *sliding_;
  if (s.head == s.middle) {
    s.middle = s.done;
    s.stacked.resize(s.middle);
    stack(s.middle, aggregates);
    s.rest = aggregates.make();
    s.dirty = 0;
  }
  Pane& pane = panes_[s.head];
  s.records -= pane.records;
  for (std::size_t i = 0; i < aggregates.kinds().size(); ++i) {
    const StateKind kind = aggregates.kinds()[i];
    if (kind == StateKind::quantiles) {
      sliding_quantiles(s.running[i]).remove(quantiles(pane, i));
    } else if (kind == StateKind::tally) {
      tally(s.running[i]).remove(tally(pane.states[i]));
    } else if (kind == StateKind::distinct) {
      if (distinct(pane.states[i]).exact())
        distinct(s.running[i]).remove_exact(distinct(pane.states[i]));
      else
        --s.estimates;
    }
  }
  pane.states.reset();
  pane.members.reset();
  s.stacked[s.head].reset();
  ++s.head;
  compact();
}

/// Makes the stack anew from `below` down to the head.
void Panes::stack(std::size_t below, const Aggregates& aggregates) {
  Sliding& s = *sliding_;
  for (std::size_t at = below; at-- > s.head;) {
    s.stacked[at] = aggregates.make();
    for (std::size_t i = 0; i < aggregates.kinds().size(); ++i) {
      const StateKind kind = aggregates.kinds()[i];
      if (!is_small(kind)) continue;
      aggregate::merge(s.stacked[at][i], kind, panes_[at].states[i]);
      if (at + 1 < s.middle) aggregate::merge(s.stacked[at][i], kind, s.stacked[at + 1][i]);
    }
  }
}

States& Panes::result(const Aggregates& aggregates) {
  Sliding& s = *sliding_;
  if (s.dirty > s.head) stack(std::min(s.dirty, s.middle), aggregates);
  s.dirty = 0;
  for (std::size_t i = 0; i < aggregates.kinds().size(); ++i) conclude(i, aggregates);
  return s.running;
}

void Panes::conclude(std::size_t i, const Aggregates& aggregates) {
  Sliding& s = *sliding_;
  const StateKind kind = aggregates.kinds()[i];
  State& result = s.running[i];
  if (is_small(kind)) {
    result = aggregates.make_one(i);
    if (s.head < s.middle) aggregate::merge(result, kind, s.stacked[s.head][i]);
    if (s.middle < s.done) aggregate::merge(result, kind, s.rest[i]);
  } else if (kind == StateKind::list) {
    result = aggregates.make_one(i);
    each_in_window([&](Pane& pane) { aggregate::merge(result, kind, pane.states[i]); });
  } else if (kind == StateKind::quantiles && sliding_quantiles(result).wants_refill()) {
    std::vector<const Quantiles*> portions;
    each_in_window([&](Pane& pane) { portions.push_back(&quantiles(pane, i)); });
    sliding_quantiles(result).refill(portions);
  } else if (kind == StateKind::tally && tally(result).unsettled()) {
    std::vector<const Tally*> portions;
    each_in_window([&](Pane& pane) { portions.push_back(&tally(pane.states[i])); });
    tally(result).settle_first(portions);
  } else if (kind == StateKind::distinct) {
    distinct(result).say(std::nullopt);
    if (s.estimates == 0) return;
    State all = aggregates.make_one(i);
    each_in_window([&](Pane& pane) { aggregate::merge(all, kind, pane.states[i]); });
    distinct(result).say(distinct(all).count());
  }
}

void Panes::pop_front() { panes_.erase(panes_.begin()); }

void Panes::compact() {
  Sliding& s = *sliding_;
  constexpr std::size_t slack = 64;
  if (s.head < slack || s.head < panes_.size() / 2) return;
  panes_.erase(panes_.begin(), panes_.begin() + offset(s.head));
  s.stacked.erase(s.stacked.begin(), s.stacked.begin() + offset(s.head));
  s.middle -= s.head;
  s.done -= s.head;
  s.dirty -= std::min(s.dirty, s.head);
  s.head = 0;
}

}  // namespace sz::window
