#include "run/worker.h"

#include <algorithm>
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
  if (std::exchange(finished_, true)) return;
  accepts_ = false;
  write_input();
}

void Worker::input_written() {
  if (finished_) close_input();
}

void Worker::take_output(std::string_view bytes, Time now) {
  while (!bytes.empty() && reads_) {
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
  if (waiting_.empty()) return too_many(now);
  if (answers().empty()) given_.clear();
  given_.push_back(waiting_.front());
  answer(waiting_.front(), Result{.output = std::string(line)});
  waiting_.pop_front();
  since_ = now;
}

void Worker::give_up(std::string why, Time now) {
  accepts_ = reads_ = false;
  if (waiting_.empty())
    lose(std::move(why));
  else
    fail_all(std::move(why), {}, {});
  close_output();
  stop(now);
}

void Worker::fail_all(std::string why, std::optional<int> exit, std::optional<int> signal) {
  told_ |= !waiting_.empty();
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
  if (finished_ && waiting_.empty()) return;
  mute_until_ = now + mute_grace;
}

void Worker::ended(std::optional<int> exit, std::optional<int> signal) {
  accepts_ = false;
  std::string why = "the worker was killed";
  if (exit)
    why = fmt::format("the worker ended with exit status {}", *exit);
  else if (signal)
    why += fmt::format(" by {}", signal_name(*signal));
  if (waiting_.empty() && !finished_)
    lose(std::move(why));
  else
    fail_all(std::move(why), exit, signal);
}

// Which of its answers is the one too many cannot be known: those that nobody has taken yet are none.
void Worker::too_many(Time now) {
  constexpr std::string_view why = "the worker answered what nobody asked";
  for (auto& [id, result] : answers()) {
    if (std::ranges::find(given_, id) == given_.end()) continue;
    result = {.end = Result::End::broken, .error = std::string(why), .stderr_tail = error_tail()};
    told_ = true;
  }
  unasked_ = !told_;
  if (!finished_) return give_up(std::string(why), now);
  reads_ = false;  // it ends by itself, and is not to die of a full or closed pipe
}

void Worker::lose(std::string why) {
  if (!std::exchange(told_, true)) loss_ = std::move(why);
}

std::string Worker::take_loss() {
  if (!finished_) lose("the worker closed its output");
  return std::exchange(loss_, {});
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
