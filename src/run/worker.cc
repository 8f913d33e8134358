#include "run/worker.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/signal_name.h"

namespace sz::run {
namespace {
constexpr Duration mute_grace{500'000'000};
}

Worker::Worker(const ChildWorld& world, std::uint64_t serial, Spawned process,
               std::shared_ptr<const Command> command)
    : Child(world, serial, std::move(process), {}), command_(std::move(command)) {}

void Worker::ask(RequestId id, std::string_view line, Time now) {
  if (waiting_.empty()) since_ = now;
  waiting_.push_back(id);
  input_ += line;
}

void Worker::finish_input() {
  finished_ = true;
  accepts_ = false;
  write_input();
  close_input();
}

void Worker::take_output(std::string_view bytes, Time now) {
  while (!bytes.empty() && accepts_) {
    const std::size_t line_end = bytes.find('\n');
    if (line_end == std::string_view::npos) {
      partial_ += bytes;
      if (partial_.size() > command_->max_output)
        give_up(
            fmt::format("the worker gave more than {} bytes of output (--max-output)", command_->max_output),
            now);
      return;
    }
    if (partial_.empty()) {
      take_line(bytes.substr(0, line_end), now);
    } else {
      partial_ += bytes.substr(0, line_end);
      take_line(std::exchange(partial_, {}), now);
    }
    bytes.remove_prefix(line_end + 1);
  }
}

void Worker::take_line(std::string_view line, Time now) {
  if (waiting_.empty()) return give_up("the worker answered what nobody asked", now);
  answer(waiting_.front(), Result{.output = std::string(line)});
  waiting_.pop_front();
  since_ = now;
}

void Worker::give_up(std::string why, Time now) {
  accepts_ = false;
  fault_ = std::move(why);
  fail_all(fault_, {}, {});
  close_output();
  stop(now);
}

void Worker::fail_all(std::string why, std::optional<int> exit, std::optional<int> signal) {
  bool oldest = true;
  for (const RequestId id : std::exchange(waiting_, {})) {
    Result result{.end = Result::End::broken,
                  .error = why,
                  .stderr_tail = error_tail(),
                  .exit = exit,
                  .signal = signal};
    if (std::exchange(oldest, false) && timed_out_) result.end = Result::End::timed_out;
    answer(id, std::move(result));
  }
}

// Without its output it can answer nothing more; how it ends shows soon as a rule, and belongs into the
// letters.
void Worker::output_ended(Time now) {
  accepts_ = false;
  if (!finished_) mute_until_ = now + mute_grace;
}

void Worker::ended(std::optional<int> exit, std::optional<int> signal) {
  accepts_ = false;
  if (exit)
    fail_all(fmt::format("the worker ended with exit status {}", *exit), exit, signal);
  else if (signal)
    fail_all(fmt::format("the worker was killed by {}", signal_name(*signal)), exit, signal);
  else
    fail_all("the worker was killed", exit, signal);
}

Time Worker::patience() const {
  if (mute_until_ != never) return mute_until_;
  return command_->timeout && !waiting_.empty() ? since_ + *command_->timeout : never;
}

void Worker::patience_over(Time now) {
  if (mute_until_ != never) return stop(now);
  timed_out_ = true;
  give_up("the worker was ended: it took too long on the record before", now);
}

}  // namespace sz::run
