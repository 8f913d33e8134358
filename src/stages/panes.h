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
  std::uint64_t records = 0;
  bool cut = false;  ///< let go of early: --max-count was reached
  aggregate::States states;
  std::unique_ptr<Members> members;  ///< where windows carry records
};

/// The panes of one key, and the window that slides over them. Aggregates of a fixed size cost O(1) merges a
/// pane by two stacks: panes from `head` to `middle` have the merged state of themselves and all behind them
/// up to `middle`, the others are merged in one. The others add what comes in and take out what leaves. A
/// record that comes into a pane which is in already makes the stack anew below it.
class Panes {
 public:
  /// The pane with this index, made if it is not there (`fresh` is set). Valid until the next call.
  Pane& at(std::int64_t index, const aggregate::Aggregates& aggregates, bool records, bool& fresh);
  /// Takes in what `aggregates` has read last.
  void add(Pane& pane, const aggregate::Aggregates& aggregates, const aggregate::Arrival& arrival);

  bool empty() const { return head() == panes_.size(); }
  Pane& front() { return panes_[head()]; }
  Pane& back() { return panes_.back(); }
  /// Only without overlap.
  void pop_front();

  /// Moves the window to the panes with an index in [from, to); it never moves back. Those before it leave,
  /// `leaving` is called with each.
  template <class Leaving>
  void slide(std::int64_t from, std::int64_t to, const aggregate::Aggregates& aggregates, Leaving&& leaving) {
    if (!sliding_) sliding_ = std::make_unique<Sliding>(aggregates);
    while (sliding_->head < sliding_->done && panes_[sliding_->head].index < from) {
      leaving(panes_[sliding_->head]);
      leave(aggregates);
    }
    while (sliding_->done < panes_.size() && panes_[sliding_->done].index < to) enter(aggregates);
  }
  /// Of the window.
  std::uint64_t records() const { return sliding_->records; }
  /// Its states, to be printed.
  aggregate::States& result(const aggregate::Aggregates& aggregates);
  template <class Each>
  void each_in_window(Each&& each) {
    for (std::size_t i = sliding_->head; i < sliding_->done; ++i) each(panes_[i]);
  }
  template <class Each>
  void each(Each&& each) {
    for (std::size_t i = head(); i < panes_.size(); ++i) each(panes_[i]);
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
  std::size_t head() const { return sliding_ ? sliding_->head : 0; }
  void enter(const aggregate::Aggregates& aggregates);
  void leave(const aggregate::Aggregates& aggregates);
  void stack(std::size_t below, const aggregate::Aggregates& aggregates);
  void add_to_running(Pane& pane, std::size_t i, const aggregate::Aggregates& aggregates,
                      const aggregate::Arrival& arrival);
  void recount(std::size_t i, const aggregate::Aggregates& aggregates);
  void conclude(std::size_t i, const aggregate::Aggregates& aggregates);
  void compact();

  std::vector<Pane> panes_;  // in order of index
  std::unique_ptr<Sliding> sliding_;
};

}  // namespace sz::window
