#include "run/job.h"

#include <utility>

#include <fmt/format.h>

namespace sz::run {

Job::Job(const ChildWorld& world, std::uint64_t serial, Spawned process, RequestId id,
         std::shared_ptr<const Command> command, std::string input, Time now)
    : Child(world, serial, std::move(process), std::move(input)), id_(id), command_(std::move(command)) {
  if (command_->timeout) late_ = now + *command_->timeout;
}

void Job::take_output(std::string_view bytes, Time now) {
  output_ += bytes;
  if (output_.size() <= command_->max_output) return;
  too_much_ = true;
  output_ = std::string();
  close_output();
  stop(now);
}

void Job::patience_over(Time now) {
  timed_out_ = true;
  stop(now);
}

void Job::ended(std::optional<int> exit, std::optional<int> signal) {
  using enum Result::End;
  Result result{.output = std::move(output_), .stderr_tail = error_tail()};
  if (timed_out_) {
    result.end = Result::End::timed_out;
  } else if (too_much_) {
    result.end = broken;
    result.error = fmt::format("more than {} bytes of output (--max-output)", command_->max_output);
  } else if (exit) {
    result.end = exited;
    result.number = *exit;
  } else {
    result.end = signalled;
    result.number = signal.value_or(9);
  }
  answer(id_, std::move(result));
}

}  // namespace sz::run
