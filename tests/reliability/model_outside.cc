#include <deque>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Work outside, so many at once, results in order, the stream's clock behind the oldest of them.
class Outside final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    Slot slot;
    slot.event = now();
    slot.answer = answer_to(scenario().seed, trimmed(item.text));
    slot.item = std::move(item);
    slots_.push_back(std::move(slot));
    start();
  }

  Timer deadline() const override {
    Timer first{forever, 0};
    for (const Slot& slot : slots_)
      if (slot.state == State::running) first = std::min(first, over(slot));
    return first;
  }

  void timeout() override {
    const Timer which = deadline();
    for (Slot& slot : slots_) {
      if (slot.state != State::running || over(slot) != which) continue;
      slot.state = State::over;
      slot.late = which.second != answers;
      break;
    }
    while (!slots_.empty() && slots_.front().state == State::over) {
      Slot slot = std::move(slots_.front());
      slots_.pop_front();
      Event when = slot.event;
      when.wall = now().wall;
      when.wall_rank = now().wall_rank;
      if (!scenario().event_time) when.clock = when.wall;
      if (when.type == Event::Type::advance) {
        pass(when);
      } else if (slot.late) {
        fail(slot.item, "exec_timeout");
      } else if (!slot.answer.good) {
        fail(slot.item, "exec_exit");
      } else {
        slot.item.text = trimmed(slot.item.text);
        emit_at(std::move(slot.item), when);
      }
    }
    start();
  }

  bool holds_clock() const override { return !slots_.empty(); }
  void hold_mark(const Event& mark) override {
    Slot slot;
    slot.event = mark;
    slot.state = State::over;
    slots_.push_back(std::move(slot));
  }

  void finish(bool discard) override {
    while (!slots_.empty()) {
      if (discard) {
        if (slots_.front().event.type == Event::Type::record) filter(slots_.front().item);
        slots_.pop_front();
        continue;
      }
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
    State state = State::waiting;
    Ns started = 0;
    bool late = false;
  };

  Timer over(const Slot& slot) const {
    const Timer answered{slot.started + slot.answer.delay, answers};
    if (!step().span) return answered;
    return std::min(answered, Timer{slot.started + *step().span, timers});
  }

  void start() {
    std::size_t running = 0, unfinished = 0;
    for (const Slot& slot : slots_) running += slot.state == State::running;
    for (Slot& slot : slots_) {
      if (slot.state == State::waiting && running < step().jobs) {
        slot.state = State::running;
        slot.started = now().wall;
        ++running;
      }
      unfinished += slot.state != State::over;
    }
    block(unfinished >= step().jobs);
  }

  std::deque<Slot> slots_;
};

}  // namespace

std::unique_ptr<Model> make_outside_model(const Scenario& s, const Step& step, std::size_t index,
                                          Books& books) {
  return std::make_unique<Outside>(s, step, index, books);
}

}  // namespace sz::simulate
