#include "run/time_merge.h"

#include <algorithm>
#include <functional>
#include <string>

namespace sz::run {

/// One input: its block, and the next record in it.
class TimeMerge::Lane final : public Out, public Failures {
 public:
  Lane(TimeMerge& of, std::size_t i, Feeder::Options options)
      : of_(of), source_(i), feeder_(run_, *this, *this, std::move(options)) {
    run_.event_time = true;
  }

  /// Finds the next record, if it has none and there is one.
  void look() {
    while (!next_ && !over_) {
      if (feeder_.spent() && !open()) return;
      run_.now = of_.p_.run.now;
      feeder_.feed(1);
      count_blank();
    }
  }
  bool open() {
    switch (of_.p_.input.next_of(source_, block_)) {
      case Input::State::block:
        feeder_.open(block_, next_line_);
        passed_over_ = false;
        return true;
      case Input::State::later:
        return false;
      case Input::State::end:
        over_ = true;
        return false;
    }
    return false;
  }
  std::optional<Record>& next() { return next_; }
  /// The others cannot go on without it.
  bool awaited() const { return !next_ && !over_ && !passed_over_; }
  void pass_over() { passed_over_ = !next_ && !over_; }
  bool may_come() const { return next_ || !over_; }

  void abandon() {
    if (next_) {
      fail(*next_, {FailureKind::shutdown, "the run ended before it was done"}, nullptr);
      next_.reset();
    }
    do {
      feeder_.abandon();
      count_blank();
      next_line_ = feeder_.next_line();
    } while (open());
  }

  // What comes of a line: it waits here, or has failed.
  void push(Record& record) override { next_.emplace(std::move(record)); }
  void end() override {}
  void fail(Record& record, Failure failure, const Stage* stage) override {
    ++of_.p_.run.ledger.lines;
    of_.p_.failed.fail(record, std::move(failure), stage);
  }

 private:
  class LaneRun final : public Run {
   public:
    RequestId start(Stage&, Request) override { return 0; }
    void notice(const Stage&, std::string_view) override {}
  };

  /// Other lines count when they go on or fail.
  void count_blank() {
    of_.p_.run.ledger.lines += run_.ledger.blank;
    of_.p_.run.ledger.blank += run_.ledger.blank;
    run_.ledger = {};
    if (feeder_.spent()) next_line_ = feeder_.next_line();
  }

  TimeMerge& of_;
  std::size_t source_;
  LaneRun run_;
  Feeder feeder_;
  Block block_;
  std::uint64_t next_line_ = 1;
  std::optional<Record> next_;
  bool over_ = false, passed_over_ = false;
};

TimeMerge::TimeMerge(const Parts& parts, std::vector<Feeder::Options> options) : p_(parts) {
  for (std::size_t i = 0; i < options.size(); ++i)
    lanes_.push_back(std::make_unique<Lane>(*this, i, std::move(options[i])));
}

TimeMerge::~TimeMerge() = default;

void TimeMerge::look(std::size_t i) {
  Lane& lane = *lanes_[i];
  if (lane.next()) return;  // it is in the heap
  lane.look();
  if (!lane.next()) return;
  heap_.emplace_back(lane.next()->at, i);
  std::ranges::push_heap(heap_, std::greater());
}

bool TimeMerge::waiting() const {
  return std::ranges::any_of(lanes_, [](const auto& lane) { return lane->awaited(); });
}

Source::State TimeMerge::poll() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) look(i);
  if (waiting()) return State::later;
  if (!heap_.empty()) return State::ready;
  const bool over = std::ranges::none_of(lanes_, [](const auto& lane) { return lane->may_come(); });
  return over ? State::end : State::later;
}

void TimeMerge::feed(std::size_t most) {
  for (; most != 0 && !heap_.empty() && p_.run.blocked == 0 && !p_.run.attention; --most) {
    const std::size_t i = heap_.front().second;
    std::ranges::pop_heap(heap_, std::greater());
    heap_.pop_back();
    std::optional<Record>& next = lanes_[i]->next();
    pass_on(*next);
    next.reset();
    look(i);
    if (lanes_[i]->awaited()) return;
  }
}

void TimeMerge::pass_on(Record& record) {
  Run& run = p_.run;
  ++run.ledger.lines;
  const Time before = p_.clock.now();
  if (!p_.clock.take(record.at))
    return p_.failed.fail(
        record, {FailureKind::time, "more than --max-ahead beyond the clock: " + to_rfc3339(record.at)},
        nullptr);
  if (p_.clock.now() != before) {
    if (run.events && before != Time::min() && record.at > before + far_jump)
      Feeder::tell(run, {before, record.at, record.line->number});
    p_.head.advance(p_.clock.now());
  }
  p_.head.push(record);
}

bool TimeMerge::idle() {
  if (heap_.empty()) return false;
  for (const auto& lane : lanes_) lane->pass_over();
  return true;
}

void TimeMerge::abandon() {
  p_.input.stop();
  heap_.clear();
  for (const auto& lane : lanes_) lane->abandon();
}

}  // namespace sz::run
