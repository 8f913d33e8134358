#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "stages/aggregates.h"
#include "stages/members.h"

namespace sz::window {

using Wide = Time::Wide;

/// Windows [begin, begin + size) that begin at every `slide` steps from `offset` on a line of whole numbers
/// (nanoseconds, or the numbers of records). Their bounds part the line into panes, at most two a slide, and
/// each window is a row of whole panes (Krishnamurthy, Wu, Franklin: paired windows, SIGMOD 2006).
class Grid {
 public:
  struct Pane {
    Wide begin = 0, end = 0;
    std::int64_t index = 0;
  };
  /// 0 < slide <= size; a pane's index must fit 64 bits.
  Grid(Wide size, Wide slide, Wide offset)
      : size_(size), slide_(slide), offset_(offset), rest_(size % slide) {}

  bool overlapping() const { return slide_ != size_; }
  Wide size() const { return size_; }
  Wide slide() const { return slide_; }
  Pane pane_of(Wide x) const;
  /// The end of the earliest, and of the latest window that x lies in.
  Wide first_end(Wide x) const;
  Wide last_end(Wide x) const;
  Wide begin_of(std::int64_t index) const;
  /// The index of the first pane at or behind a window's bound.
  std::int64_t index_of(Wide bound) const { return pane_of(bound).index; }

 private:
  Wide floor_of(Wide x) const;  // the last begin of a window that is <= x
  Wide size_, slide_, offset_, rest_;
};

/// What came in one pane.
struct Pane {
  std::int64_t index = 0;
  std::uint64_t records : 62 = 0;
  bool there : 1 = false;
  bool cut : 1 = false;  ///< let go of early: --max-count was reached
  aggregate::States states;
  std::unique_ptr<Members> members;  ///< where windows carry records
};

/// The panes of one key, and the window that slides over them. Aggregates of a fixed size cost O(1) merges a
/// pane by two stacks: panes from `head` to `middle` have the merged state of themselves and all behind them
/// up to `middle`, the others are merged in one. The others add what comes in and take out what leaves. A
/// record that comes into a pane which is in already makes the stack anew below it.
///
/// There may be a million of them, mostly with one pane: the first lies in the object itself.
class Panes {
 public:
  /// The pane with this index, made if it is not there (`fresh` is set). Valid until the next call.
  Pane& at(std::int64_t index, const aggregate::Aggregates& aggregates, bool records, bool& fresh) {
    fresh = false;
    if (one_.there && one_.index == index) [[likely]]
      return one_;
    if (more_ && !empty() && more_->panes.back().index == index) return more_->panes.back();
    return at_slowly(index, aggregates, records, fresh);
  }
  /// Takes in what `aggregates` has read last.
  void add(Pane& pane, const aggregate::Aggregates& aggregates, const aggregate::Arrival& arrival);

  bool empty() const { return more_ ? more_->head() == more_->panes.size() : !one_.there; }
  Pane& front() { return more_ ? more_->panes[more_->head()] : one_; }
  /// Only without overlap.
  void pop_front();

  /// Moves the window to the panes with an index in [from, to); it never moves back. Those before it leave,
  /// `leaving` is called with each.
  template <class Leaving>
  void slide(std::int64_t from, std::int64_t to, const aggregate::Aggregates& aggregates, Leaving&& leaving) {
    Sliding& s = start_sliding(aggregates);
    std::vector<Pane>& panes = more_->panes;
    while (s.head < s.done && panes[s.head].index < from) {
      leaving(panes[s.head]);
      leave(aggregates);
    }
    while (s.done < panes.size() && panes[s.done].index < to) enter();
  }
  /// Of the window.
  std::uint64_t records() const { return more_->sliding->records; }
  /// Its states, to be printed.
  aggregate::States& result(const aggregate::Aggregates& aggregates);
  template <class Each>
  void each_in_window(Each&& each) {
    for (std::size_t i = more_->head(); i < more_->sliding->done; ++i) each(more_->panes[i]);
  }
  template <class Each>
  void each(Each&& each) {
    if (!more_ && one_.there) each(one_);
    if (!more_) return;
    for (std::size_t i = more_->head(); i < more_->panes.size(); ++i) each(more_->panes[i]);
  }

 private:
  struct Sliding {
    explicit Sliding(const aggregate::Aggregates& aggregates);
    std::size_t head = 0, middle = 0, done = 0;
    std::size_t dirty = 0;                   // stacked_ below this is not true any more
    std::vector<aggregate::States> stacked;  // by pane, up to middle
    aggregate::States rest;                  // of the panes from middle to done
    aggregate::States running;               // of all from head to done; of a fixed size only in result()
    std::size_t estimates = 0;  // panes whose count of distinct values is an estimate, times such states
    std::uint64_t records = 0;
  };
  struct More {
    std::vector<Pane> panes;  // in order of index
    std::unique_ptr<Sliding> sliding;
    std::size_t popped = 0;  // panes in front that have left, where nothing slides
    std::size_t head() const { return sliding ? sliding->head : popped; }
  };
  /// Moves the one pane to where there is room for more.
  More& more();
  Sliding& start_sliding(const aggregate::Aggregates& aggregates);
  Pane& at_slowly(std::int64_t index, const aggregate::Aggregates& aggregates, bool records, bool& fresh);
  void enter();
  void leave(const aggregate::Aggregates& aggregates);
  void stack(std::size_t below, const aggregate::Aggregates& aggregates);
  void add_to_running(Pane& pane, std::size_t i, const aggregate::Aggregates& aggregates,
                      const aggregate::Arrival& arrival);
  void recount(std::size_t i);
  void conclude(std::size_t i, const aggregate::Layout& layout);
  void compact();

  Pane one_;                    // where there is no `more_`
  std::unique_ptr<More> more_;  // once there were two, or the window slides
};

}  // namespace sz::window
