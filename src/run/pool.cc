#include "run/pool.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace sz::run {
namespace {

constexpr std::size_t worth_a_worker = std::size_t{128} << 10;

}  // namespace

Pool::Pool(const Parts& parts, std::vector<std::unique_ptr<Lane>> lanes, std::size_t threads)
    : p_(parts), threads_(threads), before_(parts.clock) {
  for (auto& lane : lanes) slots_.emplace_back(std::move(lane));
  for (Slot& slot : slots_) free_.push_back(&slot);
  const Chain& stages = slots_.front().lane->chain();
  for (std::size_t i = 0; i < stages.stages().size(); ++i) counts_[stages.index(i)] = {};
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
    waiting_.clear();
  }
  work_there_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

// Signals are for the caller's thread and the host: workers start with all of them blocked.
void Pool::start_workers() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::size_t i = 0; i < threads_; ++i) workers_.emplace_back([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_there_.wait(lock, [this] { return quit_ || !waiting_.empty(); });
    if (quit_) return;
    Slot* const slot = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    try {
      slot->lane->process(slot->submitted, p_.clock);
    } catch (...) {
      slot->thrown = std::current_exception();
    }
    lock.lock();
    slot->done = true;
    done_there_.notify_one();
  }
}

bool Pool::front_done() {
  const std::lock_guard lock(mutex_);
  return order_.front()->done;
}

Source::State Pool::poll() {
  if (joining_) return State::ready;
  while (!input_over_ && !free_.empty()) {
    Slot* const slot = free_.back();
    const Input::State state = p_.input.next(slot->lane->block);
    if (state == Input::State::later) break;
    if (state == Input::State::end) {
      input_over_ = true;
      break;
    }
    free_.pop_back();
    order_.push_back(slot);
    slot->submitted = p_.run.now;
    if (order_.size() == 1 && slot->lane->block.size < worth_a_worker) {
      slot->lane->process(slot->submitted, before_);
      slot->done = true;
      break;
    }
    if (workers_.empty()) start_workers();
    {
      const std::lock_guard lock(mutex_);
      slot->done = false;
      waiting_.push_back(slot);
    }
    work_there_.notify_one();
  }
  if (order_.empty()) return input_over_ ? State::end : State::later;
  if (!front_done()) return State::working;
  begin_join();
  return State::ready;
}

void Pool::wait_for_work(Duration patience) {
  std::unique_lock lock(mutex_);
  done_there_.wait_for(lock, std::chrono::nanoseconds(patience.ns), [this] { return order_.front()->done; });
}

// A worker does not know the clock that the blocks before leave behind. Where --max-ahead would have refused
// a record for that, the block goes through its lane once more, here, where the clock is known.
void Pool::begin_join() {
  joining_ = true;
  if (order_.front()->thrown) std::rethrow_exception(order_.front()->thrown);
  Lane& lane = *order_.front()->lane;
  if (!lane.fits(before_)) lane.process(order_.front()->submitted, before_);
  item_ = 0;
  counted_ = 0;
  first_line_ = numbers_.first_of(lane.block);
  find_jumps();
  before_ = lane.clock_after(before_);
}

void Pool::feed(std::size_t most) {
  const Lane& lane = *order_.front()->lane;
  if (p_.rest == nullptr) {
    tell_jumps(never);
    p_.run.ledger += lane.ledger();
    for (const Lane::Item& item : lane.items()) write_failure(item);
    p_.failed.check();
    p_.sink.add(lane.text(), lane.records());
    return end_join();
  }
  while (item_ < lane.items().size() && most-- != 0 && p_.run.blocked == 0 && !p_.run.attention) join_line();
  if (item_ < lane.items().size()) return;
  count_lines(lane.lines());
  if (before_.now() > clock_) move_clock(before_.now());
  end_join();
}

void Pool::tell_jumps(Time up_to) {
  for (; jump_ < jumps_.size() && jumps_[jump_].to <= up_to; ++jump_) Feeder::tell(p_.run, jumps_[jump_]);
}

// A lane that did not know the clock before its block took its first record's time for it.
void Pool::find_jumps() {
  jumps_.clear();
  jump_ = 0;
  for (ClockJump jump : order_.front()->lane->jumps()) {
    jump.from = std::max(jump.from, before_.now());
    jump.line += first_line_ - 1;
    if (jump.from != Time::min() && jump.to > jump.from + far_jump) jumps_.push_back(jump);
  }
}

void Pool::end_join() {
  Slot* const slot = order_.front();
  for (const auto& stage : slot->lane->chain().stages()) {
    counts_[stage->index()] += stage->counts();
    stage->counts() = {};
  }
  numbers_.next_is(first_line_ + slot->lane->lines());
  order_.pop_front();
  free_.push_back(slot);
  joining_ = false;
}

void Pool::move_clock(Time t) {
  tell_jumps(t);
  p_.rest->advance(clock_ = t);
}

// All items of one line. Several make a shared line; its own hold is settled last.
void Pool::join_line() {
  const std::vector<Lane::Item>& items = order_.front()->lane->items();
  const std::uint64_t line = items[item_].line;
  std::size_t end = item_;
  while (end < items.size() && items[end].line == line) ++end;
  count_lines(line - 1);
  ++counted_;
  ++p_.run.ledger.lines;
  Origin whole = Origin::whole_line();
  const bool single = end - item_ == 1;
  for (; item_ < end; ++item_) {
    const Lane::Item& item = items[item_];
    if (item.kind == Lane::Item::Kind::blank) {
      ++p_.run.ledger.blank;
      return void(++item_);
    }
    if (item.clock > clock_) move_clock(item.clock);
    // NOLINTNEXTLINE(bugprone-use-after-move): moved from only if there is no second round
    Origin origin = single ? std::move(whole) : whole.split(p_.run.ledger);
    if (item.kind == Lane::Item::Kind::failure) {
      write_failure(item);
      origin.settle(p_.run.ledger, Verdict::failed);
      p_.failed.check();
      continue;
    }
    line_ = line_of(item);
    Record record = item.value.valid() ? Record(item.text, item.value) : Record(item.text, spare_);
    record.at = p_.run.event_time ? item.at : p_.run.now;
    record.line = &line_;
    record.origin = std::move(origin);
    p_.rest->push(record);
  }
  if (!single) whole.settle(p_.run.ledger, Verdict::none);
}

// The lines up to this one that have no item were filtered.
void Pool::count_lines(std::uint64_t up_to) {
  p_.run.ledger.lines += up_to - counted_;
  p_.run.ledger.settle_line(Verdict::filtered, up_to - counted_);
  counted_ = up_to;
}

void Pool::write_failure(const Lane::Item& item) {
  p_.failed.write(item.failure, item.stage, item.index, item.text, {line_of(item)});
}

Line Pool::line_of(const Lane::Item& item) const {
  return {.source = order_.front()->lane->block.source,
          .number = first_line_ + item.line - 1,
          .offset = item.offset,
          .bytes = item.bytes,
          .cut = order_.front()->lane->block.torn,
          .text = item.original};
}

void Pool::abandon() {
  p_.input.stop();
  const Failure shut{FailureKind::shutdown, "the run ended before it was done"};
  while (true) {
    State state = poll();
    if (state == State::end) return;
    if (state != State::ready) {
      wait_for_work(Duration{1'000'000'000});
      continue;
    }
    const Lane& lane = *order_.front()->lane;
    if (p_.rest == nullptr) {
      feed(1);
      continue;
    }
    while (item_ < lane.items().size()) {
      const std::uint64_t line = lane.items()[item_].line;
      count_lines(line - 1);
      ++counted_;
      ++p_.run.ledger.lines;
      if (lane.items()[item_].kind == Lane::Item::Kind::blank) {
        ++p_.run.ledger.blank;
      } else {
        p_.run.ledger.settle_line(Verdict::failed);
        p_.failed.write(shut, "input", 0, {}, {line_of(lane.items()[item_])});
      }
      while (item_ < lane.items().size() && lane.items()[item_].line == line) ++item_;
    }
    count_lines(lane.lines());
    end_join();
  }
}

}  // namespace sz::run
