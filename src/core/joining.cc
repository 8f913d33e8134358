#include "core/joining.h"

#include <algorithm>
#include <memory>

namespace sz {

/// The share that an awaited pipeline has in a record's place.
class Joining::Ticket final : public Attempt {
 public:
  Ticket(Joining& of, Handle place, Origin origin) : Attempt(std::move(origin)), of_(of), place_(place) {}
  Handle place() const { return place_; }

 private:
  void settled(Verdict v) override {
    parent().settle(of_.run().ledger, v);
    of_.done_with(place_);
  }
  Joining& of_;
  Handle place_;
};

Failures& Joining::failures(std::size_t i) {
  while (proxies_.size() <= i) proxies_.emplace_back(*this, proxies_.size());
  return proxies_[i];
}

void Joining::Proxy::fail(Record& record, Failure failure, const Stage* stage) {
  of.failed_in(i, record, std::move(failure), stage);
}

void Joining::failed_in(std::size_t i, Record& record, Failure failure, const Stage* stage) {
  fail_outwards(i, record, std::move(failure), stage);
}

// Its place stays until the failure has been handled: the clock must not pass it on the way to a handler.
void Joining::fail_outwards(std::size_t i, Record& record, Failure failure, const Stage* stage) {
  if (!queued() || !awaited(i)) return outer().fail(record, std::move(failure), stage);
  auto* const ticket = static_cast<Ticket*>(record.origin.attempt());
  const Handle place = ticket->place();
  ++queue_[place].pending;
  ticket->leave(record, run().ledger);
  outer().fail(record, std::move(failure), stage);
  done_with(place);
}

bool Joining::awaited(std::size_t i) const { return inner(i).paces && !inner(i).gathers; }

bool Joining::ordered() const {
  for (std::size_t i = 0; i < inners(); ++i)
    if (awaited(i)) return true;
  return false;
}

// What comes out of a pipeline that holds may be as old as what that has kept from being settled, and it
// keeps that back no longer once the record waits here: its place does. No place has less settled than one
// before it, so the first speaks for all.
Joining::Handle Joining::open_place() {
  Mark clock = mark();
  if (run().event_time) clock.settled = std::min(clock.settled, settled_at_exits());
  return queue_.open({.outputs = {}, .pending = 1, .clock = clock});
}

bool Joining::look_at_inners() {
  for (std::size_t i = 0; i < inners(); ++i) heads_.push_back(inner(i).head);
  return ordered();
}

// The record's own origin goes last: before that the line could settle too early. Copies are the record
// itself, lent once more.
template <class Hand>
void Joining::copies(Record& record, std::span<const std::size_t> chosen, Hand hand_to) {
  Origin own = std::move(record.origin);
  own.prepare_split(run().ledger, spare_line_);
  const Time at = record.at;
  const Line* const line = record.line;
  for (const std::size_t i : chosen.first(chosen.size() - 1)) {
    record.origin = own.split(run().ledger);
    hand_to(i, record);
    record.at = at;
    record.line = line;
  }
  record.origin = std::move(own);
  hand_to(chosen.back(), record);
}

// Where nothing waits for another's turn a record needs no place: it is handed on as it is.
void Joining::route(Record& record, std::size_t i) {
  ++counts().out;
  if (!queued()) return heads_[i]->push(record);
  begin_record();
  hand(i, record);
  finish_record();
}

void Joining::route(Record& record, std::span<const std::size_t> chosen) {
  if (chosen.size() == 1) return route(record, chosen.front());
  if (chosen.empty()) {
    ++counts().out;
    begin_record();
    hand_past(record);
    return finish_record();
  }
  counts().out += chosen.size();
  counts().made += chosen.size() - 1;
  if (!queued()) return copies(record, chosen, [this](std::size_t i, Record& to) { heads_[i]->push(to); });
  begin_record();
  copies(record, chosen, [this](std::size_t i, Record& to) { hand(i, to); });
  finish_record();
}

void Joining::hand(std::size_t i, Record& record) {
  if (queued() && awaited(i)) {
    ++queue_[current_].pending;
    record.origin = Origin::of(std::make_unique<Ticket>(*this, current_, std::move(record.origin)).release());
  }
  inner(i).head->push(record);
}

void Joining::hand_past(Record& record) {
  if (queued())
    keep(current_, inners(), record);
  else
    next().push(record);
}

void Joining::came_out(std::size_t i, Record& record) {
  if (!queued()) return next().push(record);
  if (awaited(i)) {
    auto* const ticket = static_cast<Ticket*>(record.origin.attempt());
    const Handle place = ticket->place();
    ++queue_[place].pending;
    ticket->leave(record, run().ledger);
    keep(place, i, record);
    return done_with(place);
  }
  if (inner(i).paces) return next().push(record);
  if (current_ != InOrder<Place>::none) return keep(current_, i, record);
  const Handle place = open_place();
  keep(place, i, record);
  done_with(place);
}

void Joining::keep(Handle place, std::size_t part, Record& record) {
  queue_[place].outputs.push_back({part, Kept(record, run().keep_originals)});
}

void Joining::done_with(Handle place) {
  if (--queue_[place].pending != 0) return;
  queue_.fill(place);
  release();
}

Mark Joining::clock_limit() const {
  if (leaving_) return *leaving_;
  const Handle first = queue_.first();
  return first == InOrder<Place>::none ? Mark(never) : queue_[first].clock;
}

void Joining::release() {
  queue_.release(
      [this](Place place) {
        leaving_ = place.clock;
        settle_clock();
        std::ranges::stable_sort(place.outputs, {}, &Output::part);
        for (Output& output : place.outputs) {
          Record record = output.kept.release(spare_);
          next().push(record);
        }
        leaving_.reset();
      },
      [](Mark) {});
  settle_clock();
}

}  // namespace sz
