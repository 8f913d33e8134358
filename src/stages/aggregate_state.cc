#include "stages/aggregate_state.h"

#include <algorithm>

namespace sz::aggregate {

void Extreme::merge(const Extreme& other, bool largest) {
  if (other.number_ == 0) return;
  add({.number = other.value(), .written = other.written_.view(), .canonical = {}},
      {.at = {}, .number = other.number_}, largest);
}

void Edge::merge(const Edge& other, bool last) {
  if (other.number_ == 0) return;
  add({.number = {}, .written = other.written_.view(), .canonical = {}}, {.at = {}, .number = other.number_},
      last);
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

MovingAverage Series::moving_average(double share) {
  if (!std::ranges::is_sorted(items_, {}, &Item::number)) std::ranges::sort(items_, {}, &Item::number);
  MovingAverage average(share);
  for (const Item& item : items_) average.add(item.value);
  return average;
}

void add(State state, const Datum& datum, const Arrival& arrival) {
  const StateKind kind = state.kind();
  switch (kind) {
    case StateKind::count:
      ++state.as<std::uint64_t>();
      return;
    case StateKind::sum:
      return state.as<ExactSum>().add(datum.number);
    case StateKind::least:
    case StateKind::greatest:
      return state.as<Extreme>().add(datum, arrival, kind == StateKind::greatest);
    case StateKind::first:
    case StateKind::last:
      return state.as<Edge>().add(datum, arrival, kind == StateKind::last);
    case StateKind::change:
      return state.as<Change>().add(datum, arrival);
    case StateKind::deviation:
      return state.as<Moments>().add(datum.number);
    case StateKind::average:
      return state.as<MovingAverage>().add(datum.number.d);
    case StateKind::period:
      return state.as<Period>().add(arrival.at);
    case StateKind::lines:
      return state.as<LineSpan>().add(arrival.lines);
    case StateKind::quantiles:
      return state.as<Quantiles>().add(datum.number);
    case StateKind::distinct:
      return state.as<DistinctCount>().add(datum.canonical, arrival.number);
    case StateKind::tally:
      return state.as<Tally>().add(datum.canonical, datum.written, arrival.number);
    case StateKind::list:
      return state.as<List>().add(datum, arrival);
    case StateKind::series:
      return state.as<Series>().add(datum, arrival);
    case StateKind::sliding:
      return state.as<SlidingQuantiles>().add(datum.number);
  }
}

void merge(State into, State other) {
  const StateKind kind = into.kind();
  switch (kind) {
    case StateKind::count:
      into.as<std::uint64_t>() += other.as<std::uint64_t>();
      return;
    case StateKind::sum:
      return into.as<ExactSum>().merge(other.as<ExactSum>());
    case StateKind::least:
    case StateKind::greatest:
      return into.as<Extreme>().merge(other.as<Extreme>(), kind == StateKind::greatest);
    case StateKind::first:
    case StateKind::last:
      return into.as<Edge>().merge(other.as<Edge>(), kind == StateKind::last);
    case StateKind::change:
      return into.as<Change>().merge(other.as<Change>());
    case StateKind::deviation:
      return into.as<Moments>().merge(other.as<Moments>());
    case StateKind::average:
      return into.as<MovingAverage>().merge(other.as<MovingAverage>());
    case StateKind::period:
      return into.as<Period>().merge(other.as<Period>());
    case StateKind::lines:
      return into.as<LineSpan>().add(other.as<LineSpan>());
    case StateKind::quantiles:
      return into.as<Quantiles>().merge(other.as<Quantiles>());
    case StateKind::distinct:
      return into.as<DistinctCount>().merge(other.as<DistinctCount>());
    case StateKind::tally:
      return into.as<Tally>().merge(other.as<Tally>());
    case StateKind::list:
      return into.as<List>().merge(other.as<List>());
    case StateKind::series:
      return into.as<Series>().merge(other.as<Series>());
    case StateKind::sliding:
      return;  // these are of no window's portions
  }
}

}  // namespace sz::aggregate
