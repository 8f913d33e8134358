#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/attempt.h"
#include "core/composite.h"
#include "core/in_order.h"
#include "core/kept.h"

namespace sz {

/// A stage whose inner pipelines flow together again: in the order of its input and, for one record, in the
/// order of the pipelines. Where all of them answer at once nothing is held. Where one may keep a record for
/// the outside each record has a place in a queue, which it keeps until all that came of it has left or
/// ended; what a timer releases has its place where it fires. A pipeline that keeps records for the outside
/// and for the stream cannot be waited for: what comes out of it joins as it comes.
class Joining : public Composite {
 public:
  Failures& failures(std::size_t i) override;
  std::size_t joining() const override { return queue_.size(); }

 protected:
  /// Around all that is done with one record.
  void begin_record() {
    if (queued()) current_ = open_place();
  }
  void finish_record() {
    if (queued()) done_with(std::exchange(current_, InOrder<Place>::none));
  }
  /// Sends `record` down pipeline `i`, or a copy of it down each of `chosen`, or past all if that is empty;
  /// counts it out.
  void route(Record& record, std::size_t i);
  void route(Record& record, std::span<const std::size_t> chosen);
  /// Hands `record` to pipeline `i`; takes over its origin.
  void hand(std::size_t i, Record& record);
  /// Lets `record` past all pipelines; takes over its origin.
  void hand_past(Record& record);

  /// Is the queue needed? Asked once, when all is bound.
  virtual bool ordered() const;
  /// Is a record in pipeline `i` waited for?
  virtual bool awaited(std::size_t i) const;
  /// `record` has failed in pipeline `i`.
  virtual void failed_in(std::size_t i, Record& record, Failure failure, const Stage* stage);
  /// `record`, which has failed in pipeline `i`, is the outer pipeline's to handle.
  void fail_outwards(std::size_t i, Record& record, Failure failure, const Stage* stage);
  void came_out(std::size_t i, Record& record) override;

 private:
  struct Output {
    std::size_t part;
    Kept kept;
  };
  struct Place {
    std::vector<Output> outputs;
    std::size_t pending = 0;
    Mark clock;
  };
  using Handle = InOrder<Place>::Handle;
  class Ticket;
  struct Proxy final : Failures {
    Proxy(Joining& o, std::size_t n) : of(o), i(n) {}
    void fail(Record& record, Failure failure, const Stage* stage) override;
    Joining& of;
    std::size_t i;
  };

  bool queued() {
    if (!queued_) queued_ = look_at_inners();
    return *queued_;
  }
  Mark clock_limit() const override;
  bool clock_by_exit(std::size_t i) const override {
    return !discards(i) && !(queued_.value_or(ordered()) && awaited(i));
  }
  bool look_at_inners();
  template <class Hand>
  void copies(Record& record, std::span<const std::size_t> chosen, Hand hand_to);
  Handle open_place();
  void keep(Handle place, std::size_t part, Record& record);
  void done_with(Handle place);
  void release();

  std::optional<bool> queued_;
  std::vector<Out*> heads_;  // of the inner pipelines
  InOrder<Place> queue_;
  Handle current_ = InOrder<Place>::none;
  std::optional<Mark> leaving_;  // the clock of the place that leaves
  std::deque<Proxy> proxies_;
  json::Document spare_;
  std::unique_ptr<SharedLine> spare_line_;
};

}  // namespace sz
