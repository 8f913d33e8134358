#include "stages/command_stage.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "core/signal_name.h"

namespace sz {
namespace {

constexpr Duration first_pause{100'000'000}, longest_pause{10'000'000'000};
constexpr std::size_t notices_of_restarts = 5;
/// A worker that has not answered at all by then, or no more, may be one that keeps its answers in a buffer.
constexpr Duration patience{5'000'000'000}, later_patience{60'000'000'000};
/// Answers that may wait for an older one: records, for each that may be under way, and bytes.
constexpr std::size_t waiting_each = 16, waiting_least = 1000, waiting_bytes = std::size_t{64} << 20;
constexpr std::size_t longest_quote = 200;

/// The last line of what a command said on standard error, for the one phrase of a failure.
std::string last_line(std::string_view tail) {
  tail = trim(tail);
  const std::size_t line_end = tail.rfind('\n');
  if (line_end != std::string_view::npos) tail = trim(tail.substr(line_end + 1));
  if (tail.empty()) return {};
  return fmt::format(": {}", tail.substr(0, longest_quote));
}

}  // namespace

CommandStage::CommandStage(CommandOptions options, bool wants_output)
    : options_(std::move(options)),
      wants_output_(wants_output),
      reads_clock_(options_.by && options_.by->uses_now()),
      by_(std::exchange(options_.by, std::nullopt)),
      jobs_(options_.jobs) {
  for (Job& job : jobs_) job.pause = first_pause;
}

std::expected<void, SystemError> CommandStage::open(SideFiles& files) {
  auto path = files.find_program(options_.line.program());
  if (!path) return std::unexpected(std::move(path.error()));
  command_ = std::make_shared<const Command>(Command{.path = std::move(*path),
                                                     .words = options_.line.words(),
                                                     .keeps = options_.keeps,
                                                     .output = wants_output_ || options_.keeps,
                                                     .timeout = options_.timeout,
                                                     .max_output = options_.max_output});
  return {};
}

std::optional<Failure> CommandStage::prepare(Record& record, Slot& slot) {
  if (!options_.line.plain()) {
    auto words = options_.line.fill(record.value(), options_.rules);
    if (!words) return Failure{.kind = FailureKind::arg, .error = std::move(words.error())};
    slot.words = std::move(*words);
  }
  if (!by_.keyed()) return std::nullopt;
  const auto key = by_(record.value(), clock());
  if (!key) return Failure{.kind = FailureKind::expr, .error = key.error()};
  slot.key = *key;
  return std::nullopt;
}

void CommandStage::push(Record& record) {
  enter();
  Slot slot;
  slot.failure = prepare(record, slot);
  slot.kept.emplace(record, run().keep_originals);
  slot.number = ++last_number_;
  const bool asks = !slot.failure;
  const Handle handle = queue_.open(std::move(slot));
  if (asks) {
    ++unanswered_;
    make_ready(handle);
    start();
  } else {
    queue_[handle].answered = true;
    answered(handle);
    release();
  }
  hold_back();
}

void CommandStage::make_ready(Handle handle) {
  Slot& slot = queue_[handle];
  if (!by_.keyed()) return ready_.push_back(handle);
  if (options_.keeps) {
    slot.worker = std::hash<std::string>()(slot.key) % jobs_.size();
    return jobs_[slot.worker].ready.push_back(handle);
  }
  const auto [waiting, first] = busy_.try_emplace(slot.key);
  if (first)
    ready_.push_back(handle);
  else
    waiting->second.push_back(handle);
}

// A worker's records with a key are its own: it answers in order, so none overtakes another. All others go to
// the process that has the least to do.
CommandStage::Job* CommandStage::job_for(std::deque<Handle>*& from) {
  Job* best = nullptr;
  if (!sticky() && ready_.empty()) return best;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    Job& job = jobs_[(next_job_ + i) % jobs_.size()];
    if (!free_job(job) || (sticky() && job.ready.empty())) continue;
    if (best == nullptr || job.under_way < best->under_way) best = &job;
    if (best->under_way == 0) break;
  }
  if (best != nullptr) from = sticky() ? &best->ready : &ready_;
  return best;
}

void CommandStage::start() {
  std::deque<Handle>* from = nullptr;
  while (Job* const job = job_for(from)) {
    const Handle handle = from->front();
    from->pop_front();
    const auto number = static_cast<std::size_t>(job - jobs_.data());
    next_job_ = (number + 1) % jobs_.size();
    launch(handle, number);
  }
  if (ended()) ask_for_answers();
}

// So that one which keeps its answers in a buffer gives them at its end.
void CommandStage::ask_for_answers() {
  if (!options_.keeps || said_no_more_ || !ready_.empty()) return;
  for (const Job& job : jobs_)
    if (!job.ready.empty()) return;
  said_no_more_ = true;
  run().no_more(*command_);
}

void CommandStage::launch(Handle handle, std::size_t job) {
  Slot& slot = queue_[handle];
  Request request{.command = command_, .words = std::move(slot.words), .worker = job};
  const std::string_view text = slot.kept->value_text();
  request.input.reserve(text.size() + 1);
  request.input += text;
  request.input += '\n';
  slot.worker = job;
  said_no_more_ = false;
  ++jobs_[job].under_way;
  if (options_.keeps && jobs_[job].silent == never) wonder_later(jobs_[job]);
  slot.id = run().start(*this, std::move(request));
  under_way_.emplace(*slot.id, handle);
}

void CommandStage::complete(RequestId id, Result&& result) {
  const auto found = under_way_.find(id);
  if (found == under_way_.end()) return;
  const Handle handle = found->second;
  under_way_.erase(found);
  Slot& slot = queue_[handle];
  slot.id.reset();
  Job& job = jobs_[slot.worker];
  --job.under_way;
  if (options_.keeps) rest(job, result);
  if (result.end == Result::End::unasked) return make_ready_again(handle);
  slot.answered = true;
  slot.result = std::move(result);
  --unanswered_;
  if (by_.keyed() && !options_.keeps) {
    const auto busy = busy_.find(slot.key);
    if (busy->second.empty()) {
      busy_.erase(busy);
    } else {
      const Handle next = std::exchange(busy->second.front(), Queue::none);
      busy->second.pop_front();
      insert_ready(ready_, next);
    }
  }
  answered(handle);
  release();
  start();
  hold_back();
}

void CommandStage::insert_ready(std::deque<Handle>& ready, Handle handle) {
  const auto before = [this](Handle a, Handle b) { return queue_[a].number < queue_[b].number; };
  ready.insert(std::ranges::lower_bound(ready, handle, before), handle);
}

// It was handed to a worker that had gone.
void CommandStage::make_ready_again(Handle handle) {
  insert_ready(sticky() ? jobs_[queue_[handle].worker].ready : ready_, handle);
  start();
  hold_back();
}

// Once for each, since one that is slow is no fault.
void CommandStage::wonder_later(Job& job) {
  if (!job.wondered) job.silent = run().now + (job.answered ? later_patience : patience);
}

// One death fails all that the worker had, each by an answer of its own; the pause counts from the first.
void CommandStage::rest(Job& job, const Result& result) {
  job.silent = never;
  if (result.ok()) {
    job.answered = true;
    job.pause = first_pause;
    if (job.under_way != 0) wonder_later(job);
    return;
  }
  if (job.resting) return;
  job.resting = true;
  job.again = run().now + job.pause;
  if (events())
    event("worker_restart", {{"worker", static_cast<std::uint64_t>(&job - jobs_.data())},
                             {"reason", std::string_view(result.error)},
                             {"pause", job.pause}});
  if (restarts_++ < notices_of_restarts)
    run().notice(*this, fmt::format("{}; it starts again in {}", result.error, to_string(job.pause)));
  job.pause = std::min(longest_pause, Duration{job.pause.ns * 2});
}

Time CommandStage::deadline() const {
  Time first = never;
  for (const Job& job : jobs_) first = std::min(first, job.silent);
  for (const Job& job : jobs_)
    if (job.resting && job.under_way == 0 && !(sticky() ? job.ready : ready_).empty())
      first = std::min(first, job.again);
  return first;
}

void CommandStage::timeout() {
  for (Job& job : jobs_) {
    if (job.resting && job.under_way == 0 && job.again <= run().now) job.resting = false;
    if (job.silent > run().now) continue;
    job.silent = never;
    job.wondered = true;
    run().notice(*this, fmt::format("the worker has not answered for {}; does it print each answer at once?",
                                    to_string(job.answered ? later_patience : patience)));
  }
  start();
  hold_back();
}

void CommandStage::answered(Handle handle) {
  if (options_.unordered) return conclude(queue_.take(handle));
  bytes_ += queue_[handle].result.output.size();
  queue_.fill(handle);
}

void CommandStage::release() {
  queue_.release(
      [this](Slot&& slot) {
        bytes_ -= slot.result.output.size();
        conclude(std::move(slot));
      },
      [this](Mark m) { Stage::pass_clock(m); });
}

// What the record meets further on meets it now: without --time its time is that of the answer.
void CommandStage::conclude(Slot slot) {
  Record record = slot.kept->release(spare_);
  if (!run().event_time) record.at = run().now;
  if (slot.failure) return failed(record, std::move(*slot.failure));
  if (!good(slot.result)) {
    Failure failure = failure_of(slot.result);
    if (options_.keeps) failure.not_before = jobs_[slot.worker].again;
    return failed(record, std::move(failure));
  }
  succeeded(record, slot.result);
}

Failure CommandStage::failure_of(Result& result) const {
  using enum Result::End;
  Failure failure{.kind = FailureKind::exec_output, .error = std::move(result.error)};
  failure.exit = result.exit;
  failure.signal = result.signal;
  failure.stderr_tail = std::move(result.stderr_tail);
  switch (result.end) {
    case exited:
      failure.kind = FailureKind::exec_exit;
      failure.exit = result.number;
      failure.error = fmt::format("exit status {}{}", result.number, last_line(failure.stderr_tail));
      break;
    case signalled:
      failure.kind = FailureKind::exec_signal;
      failure.signal = result.number;
      failure.error =
          fmt::format("killed by {}{}", signal_name(result.number), last_line(failure.stderr_tail));
      break;
    case timed_out:
      failure.kind = FailureKind::exec_timeout;
      failure.error = fmt::format("took longer than {}", to_string(options_.timeout.value_or(Duration{})));
      break;
    case unstarted:
      failure.kind = FailureKind::exec_spawn;
      break;
    case broken:
    case unasked:
      break;
  }
  return failure;
}

void CommandStage::hold_back() {
  const std::size_t waiting = queue_.size() - unanswered_;
  const std::size_t most = std::max(waiting_least, waiting_each * capacity());
  const bool all_busy = by_.keyed() ? unanswered_ >= waiting_each * capacity() ||
                                          under_way_.size() + ready_.size() >= capacity()
                                    : unanswered_ >= capacity();
  block(all_busy || waiting >= most || bytes_ >= waiting_bytes);
}

void CommandStage::pass_clock(const Mark& m) {
  if (queue_.empty())
    Stage::pass_clock(m);
  else
    queue_.mark(m);
}

void CommandStage::abandon() {
  for (const auto& [id, handle] : under_way_) run().cancel(id);
  under_way_.clear();
  ready_.clear();
  busy_.clear();
  for (Job& job : jobs_) job.ready.clear(), job.under_way = 0, job.silent = never;
  while (queue_.size() != 0) {
    Slot slot = queue_.take(queue_.first());
    Record record = slot.kept->release(spare_);
    give_up(record);
  }
  queue_.release([](Slot&&) {}, [](Mark) {});
  unanswered_ = bytes_ = 0;
  hold_back();
}

}  // namespace sz
