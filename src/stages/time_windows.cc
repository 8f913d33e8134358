#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/keyed.h"
#include "stages/panes.h"
#include "stages/windows.h"

namespace sz::window {
namespace {

constexpr std::uint64_t most_empty = 100'000;  // windows in a row that --fill-empty makes

class TimeWindows final : public WindowStage {
 public:
  TimeWindows(Grid grid, Options options) : WindowStage(std::move(options)), grid_(grid) {}

  void push(Record& record) override {
    const auto key = admit(record);
    if (!key) return;
    go_to(record.at);
    if (is_closed()) {
      if (run().event_time) return push_late(record, *key);
      go_to(clock());
    }
    Slot slot = keys_.peek(*key);
    if (slot == Keyed<OfKey>::none) {
      if (full(keys_.size(), record)) return;
      slot = keys_.insert(*key);
      keys_[slot].seen = ++seen_;
    }
    OfKey& of_key = keys_[slot];
    bool fresh = false;
    Pane& pane = of_key.panes.at(here_.index, options_.aggregates, options_.records, fresh);
    if (fresh) note_pane(slot);
    of_key.panes.add(pane, options_.aggregates, arrival(record));
    const Time came = record.at;
    settle_in(record, pane.members.get());
    if (options_.running) {
      emit_result(frame(here_last_end_, pane.records, *key, "", came), pane.states);
    }
    if (options_.max_count != 0 && pane.records == options_.max_count) cut(slot, pane);
  }

  Time due() const override { return due_; }
  void tick(Time) override { close_next("time"); }
  void idle() override { close_all("idle"); }
  void abandon() override {
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = keys_.oldest()) {
      keys_[slot].panes.each([this](Pane& pane) {
        if (pane.members) give_up(*pane.members);
      });
      keys_.erase(slot);
    }
    begins_.clear();
    filled_.clear();
    due_ = never;
  }

 private:
  struct OfKey {
    std::uint64_t seen = 0;  // in the order in which the keys came
    Panes panes;
  };
  using Slot = Keyed<OfKey>::Slot;
  /// The keys that have a pane which begins at some place; slots only where windows do not overlap.
  struct Begun {
    std::size_t keys = 0;
    std::vector<Slot> slots;
  };
  void finish() override { close_all("end"); }

  void go_to(Time at) {
    if (at.ns() >= here_.begin && at.ns() < here_.end) return;
    here_ = grid_.pane_of(at.ns());
    here_last_end_ = grid_.last_end(here_.begin);
    here_closes_ = Time::from_ns(here_last_end_) + options_.lateness;
  }
  /// Has the last window that the pane lies in closed?
  bool is_closed() const { return here_closes_ <= settled(); }

  void push_late(Record& record, std::string_view key) {
    const Wide end = here_last_end_;
    if (!fail_late(record, Time::from_ns(end))) return;
    aggregate::States states = options_.aggregates.make();
    options_.aggregates.add(states, arrival(record));
    const Frame alone = frame(end, 1, key, "late", Time::from_ns(end) - Duration{1});
    Members members;
    settle_in(record, options_.records ? &members : nullptr);
    if (options_.records)
      emit_records(alone, members);
    else
      emit_result(alone, states);
  }

  void note_pane(Slot slot) {
    const auto [at, first] = begins_.try_emplace(here_.begin);
    ++at->second.keys;
    if (!grid_.overlapping()) at->second.slots.push_back(slot);
    if (first) find_next();
  }
  void forget_pane(Wide begin) {
    const auto at = begins_.find(begin);
    if (--at->second.keys == 0) begins_.erase(at);
  }

  Frame frame(Wide end, std::uint64_t records, std::string_view key, std::string_view reason, Time at) const {
    return {.start = Time::from_ns(end - grid_.size()),
            .end = Time::from_ns(end),
            .records = records,
            .closed_by = reason,
            .key = key,
            .at = at,
            .length = Duration{static_cast<std::int64_t>(grid_.size())}};
  }

  /// Finds the window that closes next: the first open one that holds a record, or the first that
  /// --fill-empty is to make. No window opens that has closed by the clock; but on the wall, where timers
  /// fire late, one whose turn has come is still to close.
  void find_next() {
    const Wide waiting = due_ == never ? grid_.first_end((settled() - options_.lateness).ns()) : next_end_;
    due_ = never;
    const std::optional<Wide> filled = next_filled();
    if (!begins_.empty()) {
      next_end_ = grid_.first_end(begins_.begin()->first);
      if (grid_.overlapping()) {
        if (last_end_known_) next_end_ = std::max(next_end_, last_end_ + grid_.slide());
        next_end_ =
            std::max(next_end_, std::min(waiting, grid_.first_end((settled() - options_.lateness).ns())));
      }
      if (filled) next_end_ = std::min(next_end_, *filled);
    } else if (filled) {
      next_end_ = *filled;
    } else {
      return;
    }
    due_ = Time::from_ns(next_end_) + options_.lateness;
  }

  void close_next(std::string_view reason) {
    last_end_ = next_end_;
    last_end_known_ = true;
    if (grid_.overlapping() || options_.fill)
      close_overlapping(next_end_, reason);
    else
      close_tumbling(next_end_, reason);
    find_next();
  }

  void close_all(std::string_view reason) {
    // An empty window with no other of its key behind it is not made.
    closing_all_ = true;
    while (!begins_.empty()) close_next(reason);
    closing_all_ = false;
    last_end_known_ = false;
    find_next();
  }

  void close_tumbling(Wide end, std::string_view reason) {
    const auto begun = begins_.begin();
    closing_ = std::move(begun->second.slots);
    begins_.erase(begun);
    std::ranges::sort(closing_, {}, [this](Slot slot) { return keys_[slot].seen; });
    for (const Slot slot : closing_) {
      Panes& panes = keys_[slot].panes;
      if (!panes.front().cut || panes.front().records != 0) emit_pane(slot, panes.front(), end, reason);
      panes.pop_front();
      if (panes.empty()) keys_.erase(slot);
    }
  }

  void emit_pane(Slot slot, Pane& pane, Wide end, std::string_view reason) {
    if (options_.running) return;
    const Frame whole = frame(end, pane.records, keys_.key(slot), reason, Time::from_ns(end) - Duration{1});
    if (pane.members)
      emit_records(whole, *pane.members);
    else
      emit_result(whole, pane.states);
  }

  /// --max-count: what is in the pane comes out, and it goes on empty.
  void cut(Slot slot, Pane& pane) {
    const Wide end = here_last_end_;
    const Time at = std::min(Time::from_ns(end) - Duration{1}, clock());
    Frame whole = frame(end, pane.records, keys_.key(slot), "count", at);
    pane.records = 0;
    pane.cut = true;
    aggregate::States states = std::exchange(pane.states, options_.aggregates.make());
    if (options_.running) return;
    if (!pane.members) return emit_result(whole, states);
    Members members = std::exchange(*pane.members, {});
    emit_records(whole, members);
  }

  void close_overlapping(Wide end, std::string_view reason) {
    const std::int64_t from = grid_.index_of(end - grid_.size()), to = grid_.index_of(end);
    const std::int64_t next = grid_.index_of(end - grid_.size() + grid_.slide());
    Slot following = Keyed<OfKey>::none;
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = following) {
      following = keys_.next(slot);
      Panes& panes = keys_[slot].panes;
      const auto leaving = [this](Pane& pane) {
        forget_pane(grid_.begin_of(pane.index));
        if (pane.members) end_members(*pane.members);
      };
      panes.slide(from, to, options_.aggregates, leaving);
      bool cut_before = false;
      if (options_.max_count != 0) panes.each_in_window([&](const Pane& pane) { cut_before |= pane.cut; });
      if (panes.records() != 0)
        emit_window(slot, end, reason);
      else if (options_.fill && !cut_before && (!closing_all_ || !panes.empty()))
        fill(slot, end, reason);
      if (options_.fill && (panes.records() != 0 || cut_before)) follow(slot, end);
      panes.slide(next, to, options_.aggregates, leaving);
      if (panes.empty() && !is_filled(slot)) keys_.erase(slot);
    }
  }

  void emit_window(Slot slot, Wide end, std::string_view reason) {
    if (options_.running) return;
    Panes& panes = keys_[slot].panes;
    const Frame whole =
        frame(end, panes.records(), keys_.key(slot), reason, Time::from_ns(end) - Duration{1});
    if (!options_.records) return emit_result(whole, panes.result(options_.aggregates));
    sharing_.clear();
    panes.each_in_window([this](Pane& pane) {
      for (Member& member : *pane.members) sharing_.push_back(&member);
    });
    emit_shared(whole, sharing_);
  }

  // --fill-empty: a key is followed from its first window on, until it had too many empty ones in a row.
  struct Filled {
    Wide end = 0;             // of the last window that was made for it
    std::uint64_t empty = 0;  // windows in a row
  };
  bool is_filled(Slot slot) const { return options_.fill && filled_.contains(slot); }
  void follow(Slot slot, Wide end) {
    const auto [at, first] = filled_.try_emplace(slot);
    at->second = {first ? end : std::max(at->second.end, end), 0};
  }
  void fill(Slot slot, Wide end, std::string_view reason) {
    const auto at = filled_.find(slot);
    if (at == filled_.end() || end <= at->second.end) return;
    if (at->second.empty == most_empty) {
      filled_.erase(at);
      if (!std::exchange(said_, true)) say_no_more();
      return;
    }
    at->second = {end, at->second.empty + 1};
    emit_empty(frame(end, 0, keys_.key(slot), reason, Time::from_ns(end) - Duration{1}));
  }
  void say_no_more() {
    run().notice(*this, fmt::format("{} empty windows in a row{}: no more of them until a record comes",
                                    most_empty, options_.by.keyed() ? " of one key" : ""));
  }
  /// The end of the next window to make; when all is to be closed only for keys with records behind it.
  std::optional<Wide> next_filled() {
    std::optional<Wide> next;
    for (const auto& [slot, filled] : filled_)
      if (const Wide end = filled.end + grid_.slide();
          (!next || end < *next) && (!closing_all_ || !keys_[slot].panes.empty()))
        next = end;
    return next;
  }

  Grid grid_;
  Grid::Pane here_;  // the pane of the last record
  Wide here_last_end_ = 0;
  Time here_closes_;   // when the last window of that pane does
  Keyed<OfKey> keys_;  // in the order in which they came
  std::map<Wide, Begun> begins_;
  std::map<Slot, Filled> filled_;  // the keys that --fill-empty follows
  std::vector<Slot> closing_;
  std::vector<Member*> sharing_;
  Wide last_end_ = 0;  // of the window that closed last
  bool last_end_known_ = false;
  Wide next_end_ = 0;  // where due_ is not never
  Time due_ = never;
  bool said_ = false;
  bool closing_all_ = false;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Stage> make_time_windows(Duration size, Duration slide, Duration offset, Options options) {
  return std::make_unique<TimeWindows>(Grid(size.ns, slide.ns, offset.ns), std::move(options));
}

}  // namespace sz::window
