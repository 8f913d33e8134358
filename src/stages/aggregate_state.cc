#include "stages/aggregate_state.h"

#include <algorithm>
#include <limits>

namespace sz::aggregate {

bool less(const json::Number& a, const json::Number& b) {
  return a.integer && b.integer ? a.i < b.i : a.d < b.d;
}

void Extreme::replace(const json::Number& number, std::string_view written) {
  if (!held_) held_ = std::make_unique<Held>();
  held_->number = number;
  held_->written = written;
}

void Extreme::merge(const Extreme& later, bool largest) {
  if (later.held_)
    add({.number = later.held_->number, .written = later.held_->written, .canonical = {}}, largest);
}

void Edge::merge(const Edge& other, bool last) {
  if (other.number_ == 0) return;
  add({.number = {}, .written = other.written_, .canonical = {}}, {.at = {}, .number = other.number_}, last);
}

void Change::add(const Datum& datum, const Arrival& arrival) {
  if (!ends_) {
    ends_ = std::make_unique<Ends>(Ends{arrival.number, arrival.number, datum.number, datum.number});
    return;
  }
  if (arrival.number < ends_->first_number) {
    ends_->first_number = arrival.number;
    ends_->first = datum.number;
  }
  if (arrival.number >= ends_->last_number) {
    ends_->last_number = arrival.number;
    ends_->last = datum.number;
  }
}

void Change::merge(const Change& other) {
  if (!other.ends_) return;
  const Ends& theirs = *other.ends_;
  add({.number = theirs.first, .written = {}, .canonical = {}}, {.at = {}, .number = theirs.first_number});
  add({.number = theirs.last, .written = {}, .canonical = {}}, {.at = {}, .number = theirs.last_number});
}

json::Number Change::total() const {
  const json::Number& a = ends_->first;
  const json::Number& b = ends_->last;
  std::int64_t difference = 0;
  if (a.integer && b.integer && !__builtin_sub_overflow(b.i, a.i, &difference))
    return {.integer = true, .i = difference, .d = static_cast<double>(difference)};
  return {.integer = false, .i = 0, .d = b.d - a.d};
}

void Period::add(Time at) {
  if (!ends_) {
    ends_ = std::make_unique<std::pair<Time, Time>>(at, at);
    return;
  }
  ends_->first = std::min(ends_->first, at);
  ends_->second = std::max(ends_->second, at);
}

void Period::merge(const Period& other) {
  if (!other.ends_) return;
  add(other.ends_->first);
  add(other.ends_->second);
}

std::string_view List::item(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : items_[i - 1].end + 1;
  return std::string_view(text_).substr(begin, items_[i].end - begin);
}

void List::append(std::string_view written, std::uint64_t number) {
  if (!items_.empty()) text_ += ',';
  text_ += written;
  items_.push_back({number, text_.size()});
}

void List::add(const Datum& datum, const Arrival& arrival) { append(datum.written, arrival.number); }

void List::merge(const List& other) {
  if (other.empty()) return;
  if (empty() || items_.back().number < other.items_.front().number) {
    for (std::size_t i = 0; i < other.items_.size(); ++i) append(other.item(i), other.items_[i].number);
    return;
  }
  List both;
  std::size_t mine = 0, theirs = 0;
  while (mine < items_.size() || theirs < other.items_.size()) {
    if (theirs == other.items_.size() ||
        (mine < items_.size() && items_[mine].number <= other.items_[theirs].number)) {
      both.append(item(mine), items_[mine].number);
      ++mine;
    } else {
      both.append(other.item(theirs), other.items_[theirs].number);
      ++theirs;
    }
  }
  *this = std::move(both);
}

State make_state(const StateSpec& spec, const Secret& secret, std::uint64_t seed) {
  switch (spec.kind) {
    case StateKind::count:
      return std::uint64_t{0};
    case StateKind::sum:
      return ExactSum();
    case StateKind::least:
    case StateKind::greatest:
      return Extreme();
    case StateKind::first:
    case StateKind::last:
      return Edge();
    case StateKind::change:
      return Change();
    case StateKind::deviation:
      return Moments();
    case StateKind::average:
      return MovingAverage(spec.share);
    case StateKind::period:
      return Period();
    case StateKind::quantiles:
      return Quantiles();
    case StateKind::distinct:
      return std::make_unique<DistinctCount>(secret, seed);
    case StateKind::tally:
      return std::make_unique<Tally>(secret);
    case StateKind::list:
      return std::make_unique<List>();
  }
  return std::uint64_t{0};
}

void add(State& state, StateKind kind, const Datum& datum, const Arrival& arrival) {
  switch (kind) {
    case StateKind::count:
      ++*std::get_if<std::uint64_t>(&state);
      return;
    case StateKind::sum:
      return std::get_if<ExactSum>(&state)->add(datum.number);
    case StateKind::least:
    case StateKind::greatest:
      return std::get_if<Extreme>(&state)->add(datum, kind == StateKind::greatest);
    case StateKind::first:
    case StateKind::last:
      return std::get_if<Edge>(&state)->add(datum, arrival, kind == StateKind::last);
    case StateKind::change:
      return std::get_if<Change>(&state)->add(datum, arrival);
    case StateKind::deviation:
      return std::get_if<Moments>(&state)->add(datum.number.d);
    case StateKind::average:
      return std::get_if<MovingAverage>(&state)->add(datum.number.d);
    case StateKind::period:
      return std::get_if<Period>(&state)->add(arrival.at);
    case StateKind::quantiles:
      return std::get_if<Quantiles>(&state)->add(datum.number.d);
    case StateKind::distinct:
      return (*std::get_if<std::unique_ptr<DistinctCount>>(&state))->add(datum.canonical, arrival.number);
    case StateKind::tally:
      return (*std::get_if<std::unique_ptr<Tally>>(&state))
          ->add(datum.canonical, datum.written, arrival.number);
    case StateKind::list:
      return (*std::get_if<std::unique_ptr<List>>(&state))->add(datum, arrival);
  }
}

void merge(State& into, StateKind kind, const State& other) {
  switch (kind) {
    case StateKind::count:
      *std::get_if<std::uint64_t>(&into) += *std::get_if<std::uint64_t>(&other);
      return;
    case StateKind::sum:
      return std::get_if<ExactSum>(&into)->merge(*std::get_if<ExactSum>(&other));
    case StateKind::least:
    case StateKind::greatest:
      return std::get_if<Extreme>(&into)->merge(*std::get_if<Extreme>(&other), kind == StateKind::greatest);
    case StateKind::first:
    case StateKind::last:
      return std::get_if<Edge>(&into)->merge(*std::get_if<Edge>(&other), kind == StateKind::last);
    case StateKind::change:
      return std::get_if<Change>(&into)->merge(*std::get_if<Change>(&other));
    case StateKind::deviation:
      return std::get_if<Moments>(&into)->merge(*std::get_if<Moments>(&other));
    case StateKind::average:
      return std::get_if<MovingAverage>(&into)->merge(*std::get_if<MovingAverage>(&other));
    case StateKind::period:
      return std::get_if<Period>(&into)->merge(*std::get_if<Period>(&other));
    case StateKind::quantiles:
      return std::get_if<Quantiles>(&into)->merge(*std::get_if<Quantiles>(&other));
    case StateKind::distinct:
      return (*std::get_if<std::unique_ptr<DistinctCount>>(&into))
          ->merge(**std::get_if<std::unique_ptr<DistinctCount>>(&other));
    case StateKind::tally:
      return (*std::get_if<std::unique_ptr<Tally>>(&into))
          ->merge(**std::get_if<std::unique_ptr<Tally>>(&other));
    case StateKind::list:
      return (*std::get_if<std::unique_ptr<List>>(&into))
          ->merge(**std::get_if<std::unique_ptr<List>>(&other));
  }
}

}  // namespace sz::aggregate
