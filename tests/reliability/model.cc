#include "model.h"

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>

namespace sz::simulate {

void Books::settle(int node, Fate fate) {
  Fate& strongest = nodes[static_cast<std::size_t>(node)].strongest;
  strongest = std::max(strongest, fate);
}

std::vector<Event> Model::run(std::vector<Event> in) {
  for (Event& event : in) {
    fire_before(event);
    const Event::Type type = event.type;
    if (type == Event::Type::probe) {
      now_.wall = event.wall;
      out_.push_back(event);
      continue;
    }
    now_ = event;
    now_.item = {};
    settled_ = now_.settled = std::max(settled_, now_.settled);
    if (type == Event::Type::record) {
      ++sums().in;
      event.item.number = sums().in;
      event.item.came = settled_;
      record(std::move(event.item));
      settle();
    } else if (type == Event::Type::advance) {
      if (!ended_early_) {
        if (scenario_.event_time && holds_clock())
          hold_mark(event);
        else
          pass(event);
      }
    } else if (type == Event::Type::idle) {
      idle();
      settle();
      event.settled = passed_;
      if (!ended_early_) out_.push_back(event);
    } else {
      finish(event.discard);
      settle();
      if (!ended_early_) {
        now_.settled = passed_;
        now_.type = Event::Type::end;
        now_.discard = event.discard;
        out_.push_back(now_);
      }
    }
  }
  return std::move(out_);
}

void Model::fire_before(const Event& next) {
  while (true) {
    const auto [wall_at, wall_rank] = deadline();
    const bool wall_first =
        wall_at < next.wall || (wall_at == next.wall && (wall_rank != answers || next.wall_rank == feeding));
    const bool stream = scenario_.event_time ? next.type != Event::Type::probe : true;
    const Ns stream_next = !scenario_.event_time ? next.wall
                           : waits_for_settled() ? next.settled
                                                 : next.clock;
    const Ns due_at = due();
    const bool due_first = stream && due_at <= stream_next;
    if (wall_first) {
      set_wall(wall_at, wall_rank);
      timeout();
    } else if (due_first) {
      const Ns clock_before = now_.clock;
      now_ = next;
      now_.item = {};
      now_.clock = waits_for_settled() ? std::max(clock_before, due_at) : due_at;
      settled_ = now_.settled = std::max(settled_, std::min(due_at, next.settled));
      if (!scenario_.event_time) set_wall(due_at, timers);
      if (scenario_.event_time &&
          !ended_early_) {  // the clock stops at each deadline, here and in the steps behind
        Event stop = now_;
        stop.type = Event::Type::advance;
        stop.clock = std::max(clock_before, behind(now_.clock));
        stop.settled = behind(now_.settled);
        pass(stop);
      }
      tick();
      settle();
    } else {
      return;
    }
  }
}

void Model::set_wall(Ns wall, int wall_rank) {
  now_.wall = wall;
  now_.wall_rank = wall_rank;
  if (scenario_.event_time) return;
  now_.clock = wall;
}

/// The clock as it is, and what is settled as far as nothing waits here.
void Model::pass(const Event& event) {
  passed_ = std::max(passed_, settled_behind(std::min(event.settled, oldest())));
  out_.push_back(event);
  out_.back().settled = passed_;
}

/// What waits here has changed: the steps behind hear of it at once. `with`: what is just leaving came then.
void Model::settle(Ns with) {
  if (!scenario_.event_time || ended_early_ || holds_clock() || waits_for_settled()) return;
  if (settled_behind(std::min({now_.settled, oldest(), with})) <= passed_) return;
  Event mark = now_;
  mark.type = Event::Type::advance;
  mark.discard = false;
  mark.settled = std::min(now_.settled, with);
  pass(mark);
}

void Model::emit(Item item) {
  settle(item.came);
  Event when = now_;
  when.settled = passed_;
  emit_at(std::move(item), when);
}

void Model::emit_at(Item item, const Event& when) {
  ++sums().out;
  Event event = when;
  event.type = Event::Type::record;
  event.discard = false;
  event.item = std::move(item);
  out_.push_back(std::move(event));
}

void Model::filter(const Item& item) {
  ++sums().filtered;
  books_.settle(item.origin, Fate::filtered);
}

void Model::drop(const Item& item) {
  ++sums().dropped;
  books_.settle(item.origin, Fate::dropped);
}

void Model::fail(const Item& item, std::string kind) {
  ++sums().failed;
  books_.settle(item.origin, Fate::failed);
  books_.failures.push_back({item, index_, std::move(kind), now_.wall, now_.wall_rank});
}

void Model::emit_parts(const Item& whole, std::vector<Item> parts) {
  if (parts.empty()) return filter(whole);
  sums().made += parts.size() - 1;
  for (Item& part : parts) {
    part.origin = whole.origin;
    part.lines = whole.lines;
    part.at = whole.at;
    emit(std::move(part));
  }
}

void Model::block(bool on) {
  if (std::exchange(blocked_, on) != on) books_.blocked.push_back({now_.wall, {index_, on}});
}

void Model::end_early() {
  if (std::exchange(ended_early_, true)) return;
  books_.done[index_ - 1] = now_.wall;
  Event end = now_;
  end.type = Event::Type::end;
  end.discard = false;
  out_.push_back(std::move(end));
}

void Model::emit_counted(Item item, std::uint64_t count) {
  if (!step().count_field.empty()) {
    if (item.value->tricky) books().uncertain = true;
    auto members = item.value->members;
    const ValuePtr n = number(std::to_string(count));
    bool there = false;
    for (auto& [name, value] : members)
      if (name == step().count_field) value = n, there = true;
    if (!there) members.emplace_back(step().count_field, n);
    item.value = object(std::move(members));
    item.text = item.value->raw;
  }
  emit(std::move(item));
}

std::optional<std::string> Model::key(const Item& item) const {
  if (step_.by == nullptr) return std::string();
  const ValuePtr value = step_.by->value(item.value);
  if (value == nullptr) return std::nullopt;
  return canonical(*value);
}

std::uint64_t Model::max_keys() const {
  const std::uint64_t most = step_.max_keys ? *step_.max_keys : scenario_.max_keys.value_or(1'000'000);
  return most == 0 ? UINT64_MAX : most;
}

std::string Model::instant(Ns t) const {
  const Ns at = t + (scenario_.event_time ? 0 : run_start);
  std::time_t seconds = at / second - (at % second < 0);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900,
                                 parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (const Ns fraction = at - seconds * second; fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

/// A key prints in canonical form; what that is for numbers and arrays is left open.
ValuePtr Model::key_value(const Item& item) {
  const ValuePtr value = step_.by->value(item.value);
  if (value->kind >= Value::Kind::array ||
      (value->kind == Value::Kind::number && value->raw != canonical(*value)))
    books_.uncertain = true;
  return value;
}

std::unique_ptr<Model> make_model(const Scenario& scenario, const Step& step, std::size_t index,
                                  Books& books) {
  const auto make = step.stage == "take" || step.stage == "skip" ? make_take_model
                    : step.stage == "dedupe"                     ? make_dedupe_model
                    : step.stage == "debounce"                   ? make_debounce_model
                    : step.stage == "sample"                     ? make_sample_model
                    : step.stage == "throttle"                   ? make_throttle_model
                    : step.stage == "batch"                      ? make_batch_model
                    : step.stage == "window"                     ? make_window_model
                    : step.stage == "aggregate"                  ? make_window_model
                    : step.stage == "outside"                    ? make_outside_model
                                                                 : make_simple_model;
  return make(scenario, step, index, books);
}

}  // namespace sz::simulate
