#include "run/runner.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/signal_name.h"

namespace sz::run {
namespace {

constexpr Duration long_stride{2'000'000}, short_stride{500'000};
constexpr std::size_t most_records = 1024;
constexpr Duration pool_patience{10'000'000};
constexpr Duration report_interval{10'000'000'000};

}  // namespace

Ending Runner::run(const Reports& reports) {
  p_.run.now = p_.host.now();
  report_ = reports.now_and_then;
  if (report_) report_due_ = p_.run.now + report_interval;
  p_.host.before_waiting([this] { p_.output.flush(); });
  while (true) {
    p_.run.attention = false;
    take_signals();
    if (std::exchange(report_asked_, false)) reports.asked();
    close_stages();
    if (fire_timer() || p_.run.deliver()) {
      idle_closed_ = false;
      p_.failed.check();  // a failed line may have settled when another part of it did
      continue;
    }
    if (p_.host.side_files_broken()) flush_others();
    if (p_.output.closed()) ending_.output_closed = true;
    if (p_.output.error()) ending_.error = p_.output.error();
    if (ending_.output_closed || ending_.error || p_.letters.broken()) break;
    if (p_.failed.stop() && reading_) {
      ending_.stopped_by_failures = true;
      send_end();
      continue;
    }
    if (ended()) {
      if (p_.output.empty()) break;
    } else if (p_.run.now >= drain_until_ && !abandoned_) {
      abandon();
      continue;
    } else if (!end_sent_ && !p_.chain.wanted()) {
      send_end();
      p_.run.discarding = true;
      p_.chain.discard();
      p_.run.discarding = false;
      continue;
    }
    if (p_.run.now >= drain_until_ && (abandoned_ || ended())) {
      p_.output.flush();
      if (p_.output.stuck()) {
        ending_.error = SystemError{"standard output took no more before --drain-timeout"};
        break;
      }
    }
    if (p_.output.stuck() && !p_.chain.buffers().empty()) p_.output.flush();
    p_.sink.look();
    p_.run.attention = false;
    if (feed_from_buffers()) continue;
    Source::State state = Source::State::end;
    if (!end_sent_ && p_.run.blocked == 0) {
      state = p_.source.poll();
      if (state == Source::State::ready) {
        feed();
        continue;
      }
      if (state == Source::State::end) {
        send_end();
        continue;
      }
    }
    if (close_idle(state)) continue;
    wait(state);
    if (p_.host.output_closed()) ending_.output_closed = true;
  }
  report_ = {};
  flush();
  p_.host.before_waiting({});
  return std::move(ending_);
}

void Runner::take_signals() {
  while (const auto signal = p_.host.take_signal()) {
    if (p_.run.events) tell_signal(*signal);
    if (*signal == SIGUSR1) {
      report_asked_ = true;
    } else if (ending_.signal == 0) {
      ending_.signal = *signal;
      drain_until_ = p_.run.now + drain_timeout_;
      p_.source.stop();
    }
  }
}

void Runner::tell_signal(int signal) {
  p_.run.event({.kind = "signal", .clock = {}, .fields = {{"signal", signal_name(signal)}}});
}

// To a fixpoint: what one stage lets go of may be the last that another waits for.
void Runner::close_stages() {
  for (bool again = true; again;) {
    again = false;
    for (const auto& stage : p_.chain.stages()) {
      const bool before = stage->closed();
      stage->close();
      again |= stage->closed() != before;
    }
  }
}

Time Runner::next_timer() const {
  Time next = never;
  for (const auto& stage : p_.chain.stages()) {
    next = std::min(next, stage->deadline());
    if (!p_.run.event_time) next = std::min(next, stage->due());
  }
  return next;
}

// The earliest first; of equal ones the last stage first, as in-band time has it: a record that a timer
// releases finds the timers of that instant behind it fired. But not what a window releases, which belongs
// before that instant.
bool Runner::fire_timer() {
  Stage* first = nullptr;
  Time at = p_.run.now;
  bool on_stream = false;
  for (const auto& stage : p_.chain.stages()) {
    if (const Time deadline = stage->deadline(); deadline <= at) {
      at = deadline;
      first = stage.get();
      on_stream = false;
    }
    if (p_.run.event_time) continue;
    const Time due = stage->due();
    const bool before = first != nullptr && on_stream && due == at && first->clock_behind(at) < at;
    if (due <= at && !before) {
      at = due;
      first = stage.get();
      on_stream = true;
    }
  }
  if (first == nullptr) return false;
  if (on_stream) {
    // What it releases comes at its time, however late the timer is.
    const Time now = std::exchange(p_.run.now, first->clock_behind(at));
    first->tick(at);
    p_.run.now = now;
  } else {
    first->timeout();
  }
  return true;
}

bool Runner::holding() const {
  for (const auto& stage : p_.chain.stages())
    if (stage->held() != 0) return true;
  return false;
}

bool Runner::ended() const { return end_sent_ && p_.sink.ended() && !holding(); }

void Runner::send_end() {
  reading_ = false;
  if (!std::exchange(end_sent_, true)) p_.chain.head().end();
}

void Runner::abandon() {
  abandoned_ = true;
  if (!end_sent_) p_.source.abandon();
  for (const auto& stage : p_.chain.stages()) stage->abandon();
  send_end();
  for (const auto& stage : p_.chain.stages()) stage->abandon();
}

// The clock is read once a stride. Strides shrink where records are dear, so that timers and prompt output
// never wait long for it.
void Runner::in_stride(const std::function<void(std::size_t)>& act) {
  idle_at_ = never;
  idle_closed_ = false;
  const Time before = p_.run.now;
  act(std::min(stride_, p_.failed.lines_until_check()));
  p_.failed.check();
  p_.run.now = p_.host.now();
  const Duration took = p_.run.now - before;
  if (took > long_stride)
    stride_ = std::max<std::size_t>(1, stride_ / 4);
  else if (took < short_stride)
    stride_ = std::min(most_records, stride_ * 2);
  if (p_.output.due() <= p_.run.now)
    flush();
  else if (flush_due_ <= p_.run.now)
    flush_others();
  show_progress();
}

void Runner::show_progress() {
  if (p_.progress == nullptr || p_.progress->due() > p_.run.now) return;
  p_.progress->draw(p_.run.now, {.records = p_.run.ledger.lines - p_.run.ledger.blank,
                                 .bytes = p_.input.bytes_read(),
                                 .failed = p_.failed.count()});
}

void Runner::feed() {
  in_stride([this](std::size_t most) { p_.source.feed(most); });
}

// The last first: what it lets go of makes room for the one before.
bool Runner::feed_from_buffers() {
  for (Buffer* const buffer : p_.chain.buffers()) {
    if (!buffer->ready()) continue;
    in_stride([buffer](std::size_t most) { buffer->feed(most); });
    return true;
  }
  return false;
}

void Runner::flush() {
  p_.output.flush();
  flush_others();
}

void Runner::flush_others() {
  flush_due_ = p_.run.now + Output::patience;
  p_.letters.flush(p_.run.now);
  for (std::string& error : p_.input.take_errors()) {
    p_.run.say(error);
    p_.input_errors.push_back(std::move(error));
  }
  for (const std::string& name : p_.input.take_ended())
    p_.run.event({.kind = "input_ended", .clock = {}, .fields = {{"src", name}}});
  if (auto error = p_.run.flush_events(); error && !ending_.error) ending_.error = std::move(error);
  if (auto error = p_.host.flush_side_files(); error && !ending_.error) ending_.error = std::move(error);
  report_now_and_then();
}

void Runner::report_now_and_then() {
  if (!report_ || p_.run.now < report_due_) return;
  report_due_ = p_.run.now + report_interval;
  report_();
}

bool Runner::buffering() const {
  return std::ranges::any_of(p_.chain.buffers(),
                             [](Buffer* buffer) { return buffer->held() != 0 || buffer->pressure() != 0; });
}

// Time that passes while nobody looks for input (the output is stuck, a stage blocks) does not count, nor
// does time in which that is so behind a buffer, or it has records left: more will come. Once is enough until
// something happens, since then no group is open.
bool Runner::close_idle(Source::State state) {
  if (!idle_timeout_ || state != Source::State::later || idle_closed_ || buffering()) {
    idle_at_ = never;
    return false;
  }
  if (idle_at_ == never) idle_at_ = p_.run.now + *idle_timeout_;
  if (p_.run.now < idle_at_) return false;
  idle_at_ = never;
  if (p_.source.idle()) return true;
  idle_closed_ = true;
  for (const auto& stage : p_.chain.stages()) stage->idle();
  return true;
}

void Runner::wait(Source::State state) {
  const bool was_stuck = p_.output.stuck();
  flush();
  if (was_stuck && !p_.output.stuck()) return;  // there is room again: go on feeding
  if (ending_.error || p_.output.closed() || (ended() && p_.output.empty())) return;
  if (state == Source::State::working) {
    p_.source.wait_for_work(pool_patience);
  } else {
    Time until = next_timer();
    // Not only while records are held: aggregates have settled theirs, and their groups are open.
    until = std::min(until, idle_at_);
    if (!abandoned_ || !p_.output.empty()) until = std::min(until, drain_until_);
    const bool only_letters = until == never;
    until = std::min(until, p_.letters.due());
    if (p_.progress != nullptr) until = std::min(until, p_.progress->due());
    until = std::min(until, report_due_);
    const Host::Interest interest{
        .input = state == Source::State::later, .output = p_.output.stuck(), .until = until};
    if (!interest.input && !interest.output && only_letters && !p_.run.waiting() && !ended()) {
      ending_.error = SystemError{"internal fault: records are held and nothing will release them"};
      return;
    }
    p_.host.wait(interest);
  }
  p_.run.now = p_.host.now();
  show_progress();
}

}  // namespace sz::run
