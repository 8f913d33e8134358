#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Work outside, so many at once, results in order, the stream's clock behind the oldest of them. A worker
/// that went away takes no more before what it had is over and a pause has passed.
class Outside final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    Slot slot;
    slot.event = now();
    slot.answer = answer_to(scenario().seed, trimmed(item.text), step().keeps);
    const auto of = key(item);
    slot.item = std::move(item);
    if (of) {
      slot.key = *of;
    } else {
      slot.failure = "expr";
      slot.state = State::over;
    }
    slots_.push_back(std::move(slot));
    release();
    start();
  }

  Timer deadline() const override {
    Timer first{forever, 0};
    for (const Slot& slot : slots_)
      if (slot.state == State::running) first = std::min(first, over(slot));
    if (resting_ && count(State::running) == 0 && count(State::waiting) != 0)
      first = std::min(first, Timer{again_, timers});
    return first;
  }

  void timeout() override {
    const Timer which = deadline();
    for (Slot& slot : slots_) {
      if (slot.state != State::running || over(slot) != which) continue;
      if (slot.refused) {
        slot.refused = false;
        slot.state = State::waiting;
        rest(false);
        break;
      }
      slot.state = State::over;
      if (step().keeps) rest(slot.answer.what != Answer::What::gone);
      if (step().span && *step().span <= slot.answer.delay) slot.failure = "exec_timeout";
      break;
    }
    release();
    start();
  }

  bool holds_clock() const override { return !slots_.empty(); }
  void hold_mark(const Event& mark) override {
    Slot slot;
    slot.event = mark;
    slot.state = State::over;
    slots_.push_back(std::move(slot));
  }

  void finish(bool) override {
    while (!slots_.empty()) {
      const auto [at, of] = deadline();
      set_wall(at, of);
      timeout();
    }
    block(false);
  }

 private:
  enum class State : std::uint8_t { waiting, running, over };
  struct Slot {
    Event event;
    Item item;
    Answer answer;
    std::string key, failure;
    State state = State::waiting;
    bool refused = false;
    Ns started = 0;
  };
  static constexpr Ns first_pause = 100 * millisecond, longest_pause = 10 * second;

  std::ptrdiff_t count(State state) const { return std::ranges::count(slots_, state, &Slot::state); }
  void rest(bool answered) {
    if (answered) {
      pause_ = first_pause;
    } else if (!resting_) {
      resting_ = true;
      again_ = now().wall + pause_;
      pause_ = std::min(longest_pause, 2 * pause_);
    }
  }

  Timer over(const Slot& slot) const {
    if (slot.refused) return {slot.started + Answer::moment, answers};
    return {slot.started + std::min(slot.answer.delay, step().span.value_or(forever)), answers};
  }

  void release() {
    while (!slots_.empty() && slots_.front().state == State::over) {
      Slot slot = std::move(slots_.front());
      slots_.pop_front();
      Event when = slot.event;
      when.wall = now().wall;
      when.wall_rank = now().wall_rank;
      if (!scenario().event_time) when.clock = when.wall;
      if (when.type == Event::Type::advance)
        pass(when);
      else
        conclude(std::move(slot), when);
    }
  }

  void conclude(Slot slot, const Event& when) {
    using enum Answer::What;
    if (!scenario().event_time) slot.item.at = when.wall;
    const Answer::What what = slot.answer.what;
    const bool tap = step().mode == "tap", filters = step().mode == "filter";
    std::string failure = slot.failure;
    if (failure.empty() && what == bad) failure = "exec_exit";
    if (failure.empty() && what == no && !filters) failure = "exec_exit";
    if (failure.empty() && what == killed) failure = "exec_signal";
    if (failure.empty() && what == unstarted) failure = "exec_spawn";
    if (failure.empty() && what == gone) failure = "exec_output";
    // What a tap prints is of no interest, nor what a filter prints that is no worker.
    if (failure.empty() && what == garbage && !tap && (!filters || step().keeps)) failure = "exec_output";
    if (!failure.empty()) {
      fail(slot.item, failure);
      if (!tap) return;
      ++sums().made;
    }
    if (tap) return emit_at(std::move(slot.item), when);
    if (filters) {
      const bool says_no = what == no || (step().keeps && (what == none || !truthy(slot.item)));
      if (says_no == step().invert) return emit_at(std::move(slot.item), when);
      return filter(slot.item);
    }
    if (what == none) return filter(slot.item);
    slot.item.text = trimmed(slot.item.text);
    if (what == two) {
      ++sums().made;
      emit_at(slot.item, when);
    }
    emit_at(std::move(slot.item), when);
  }

  static bool truthy(const Item& item) {
    const std::string text = trimmed(item.text);
    return text != "null" && text != "false";
  }

  void start() {
    std::set<std::string> busy;
    std::size_t running = 0, unfinished = 0, ready = 0;
    for (const Slot& slot : slots_)
      if (slot.state == State::running) {
        busy.insert(slot.key);
        ++running;
      }
    if (resting_ && running == 0 && again_ <= now().wall) resting_ = false;
    const bool keyed = step().by != nullptr;
    for (Slot& slot : slots_) {
      if (slot.state == State::waiting && (!keyed || busy.insert(slot.key).second)) {
        if (running < step().jobs && !resting_) {
          slot.state = State::running;
          slot.started = now().wall;
          slot.refused = slot.answer.refused && refused_.insert(trimmed(slot.item.text)).second;
          ++running;
        } else {
          ++ready;
        }
      }
      unfinished += slot.state != State::over;
    }
    constexpr std::size_t behind_a_key = 16;
    if (keyed)
      block(unfinished >= behind_a_key * step().jobs || running + ready >= step().jobs);
    else
      block(unfinished >= step().jobs);
  }

  std::deque<Slot> slots_;
  std::set<std::string> refused_;  // once each
  bool resting_ = false;
  Ns again_ = 0, pause_ = first_pause;
};

}  // namespace

std::unique_ptr<Model> make_outside_model(const Scenario& s, const Step& step, std::size_t index,
                                          Books& books) {
  return std::make_unique<Outside>(s, step, index, books);
}

}  // namespace sz::simulate
