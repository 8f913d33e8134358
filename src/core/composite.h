#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "core/stage.h"

namespace sz {

/// A pipeline inside a stage, as the stage sees it: where records go in, and what it must know of the rest.
struct Inner {
  Out* head = nullptr;
  std::vector<Stage*> stages;  ///< all of it, in the order of the list that breaks ties
  int width = 1;               ///< of its widest stage
  bool paces = false;          ///< a record may wait in it for the outside
  bool gathers = false;        ///< a record may wait in it for the stream
};

/// A stage with pipelines inside: a prefix around one, or a stage with branches. Inner pipelines are bound to
/// exits of the stage, so it sees what comes out, and to its failures if it wants to see those.
///
/// Time: under --time the clock goes into all of them and comes out as their least one, at each timer on the
/// way, the last pipeline first, as timers go everywhere. End: they are ended one by one in written order,
/// each when the one before has ended; the stage ends when all have and it holds nothing.
class Composite : public Stage {
 public:
  /// Where the records of pipeline `i` go. Only after connect().
  Out& exit_of(std::size_t i);
  /// Where its failed records go.
  virtual Failures& failures(std::size_t) { return outer(); }
  /// Once for each pipeline, in order, before any record comes.
  void bind_inner(Inner inner);
  const Inner& inner(std::size_t i) const { return inners_[i]; }
  std::size_t inners() const { return inners_.size(); }

  void advance(const Mark& to) final;
  void close() override;
  int width() const override;
  bool paces() const override;

  /// Can records go past all pipelines inside?
  virtual bool passes_by() const { return false; }
  /// Is what comes out of pipeline `i` thrown away?
  virtual bool discards(std::size_t) const { return false; }
  /// So many copies are made of the first bracket's pipeline.
  virtual std::size_t copies() const { return 1; }
  /// A stage of this one's own to stand at the head of pipeline `i`, or nullptr.
  virtual std::unique_ptr<Stage> make_front(std::size_t) { return nullptr; }
  /// Do failures in pipeline `i` become records of a later one?
  virtual bool catches(std::size_t) const { return false; }
  /// Records that have come out of a pipeline and wait for their turn; no part of its account.
  virtual std::size_t joining() const { return 0; }

 protected:
  /// `record` has come out of pipeline `i`.
  virtual void came_out(std::size_t i, Record& record) = 0;
  /// The clock of pipeline `i` has moved at its exit.
  virtual void exit_moved(std::size_t i);
  /// Nothing waits here that must go into a pipeline first: they may be ended.
  virtual bool may_end() const { return true; }
  /// May pipeline `i` be ended now? The ones before it have been.
  virtual bool may_end_inner(std::size_t i) const { return i == 0 || exit_ended(i - 1); }
  /// The clock must not pass this at the output.
  virtual Mark clock_limit() const { return never; }

  void pass_clock(const Mark& m) override;
  /// Moves the clock into the pipelines, the last first, and then out.
  void clock_into_inners(const Mark& m);
  /// Passes the clock on as far as the pipelines and clock_limit() let it.
  void settle_clock();
  bool exit_ended(std::size_t i) const { return exits_[i].ended; }
  Mark exit_clock(std::size_t i) const { return exits_[i].clock; }
  /// Does the clock go straight into pipeline `i`, and not by way of another?
  virtual bool takes_clock(std::size_t) const { return true; }
  /// The clock that goes into pipeline `i` when this stage has got `m`: what is settled may be less there.
  virtual Mark clock_into(std::size_t, const Mark& m) { return m; }
  /// How far all is settled that has come out of the pipelines which the clock has to come out of.
  Time settled_at_exits() const;
  /// Does the clock have to come out of pipeline `i` before it may go on? Not if clock_limit() says it all.
  virtual bool clock_by_exit(std::size_t i) const { return !discards(i); }
  /// Records that are held inside pipeline `i`.
  std::size_t held_inside(std::size_t i) const;

 private:
  struct Exit final : Out {
    Exit(Composite& o, std::size_t n) : of(o), i(n) {}
    void push(Record& record) override { of.came_out(i, record); }
    void advance(const Mark& m) override {
      clock = either_reached(clock, m);
      of.exit_moved(i);
    }
    void end() override {
      ended = true;
      of.settle_clock();
      of.close();
    }
    Composite& of;
    std::size_t i;
    bool ended = false;
    Mark clock;
  };
  Time next_due(Time after) const;
  bool all_exits_ended() const;

  std::deque<Exit> exits_;
  std::vector<Inner> inners_;
  std::size_t ending_ = 0;  // so many pipelines have been ended
  bool stepping_ = false, closing_ = false;
  Mark seen_, passed_;
};

}  // namespace sz
