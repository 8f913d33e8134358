#include "run/children.h"

#include <algorithm>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "run/job.h"
#include "run/worker.h"

namespace sz::run {
namespace {

constexpr Duration worker_grace{2'000'000'000}, last_wait{5'500'000'000};

Result unstarted(const Request& request, int error) {
  return {.end = Result::End::unstarted,
          .number = error,
          .error = fmt::format("cannot start {}: {}", request.command->words.front(), system_words(error))};
}

}  // namespace

Children::Children(ProcessGroups& groups) : groups_(groups) {}
Children::~Children() = default;

void Children::start(RequestId id, Request request, Time now) {
  if (!std::exchange(inherited_kept_, true)) keep_inherited(3);
  if (request.command->keeps) return start_worker(id, request, now);
  std::string_view input = request.input;
  auto process = spawn(*request.command, request.words.empty() ? request.command->words : request.words,
                       input, false, groups_);
  if (!process) {
    answers_.emplace_back(id, unstarted(request, process.error()));
    return;
  }
  const std::uint64_t serial = ++last_serial_;
  auto job = std::make_unique<Job>(ChildWorld{watch_, groups_, answers_}, serial, std::move(*process), id,
                                   std::move(request.command), std::string(input), now);
  jobs_.emplace(id, job.get());
  all_.emplace(serial, std::move(job));
}

void Children::start_worker(RequestId id, const Request& request, Time now) {
  Place& place = workers_[{request.command.get(), request.worker}];
  Worker*& worker = place.worker;
  if (worker != nullptr && !worker->accepts()) {
    place.loss = worker->take_loss();
    worker = nullptr;
  }
  if (refuse(place, id)) return;
  if (worker == nullptr) {
    std::string_view nothing;
    auto process = spawn(*request.command, request.command->words, nothing, true, groups_);
    if (!process) {
      answers_.emplace_back(id, unstarted(request, process.error()));
      return;
    }
    const std::uint64_t serial = ++last_serial_;
    auto made = std::make_unique<Worker>(ChildWorld{watch_, groups_, answers_}, serial, std::move(*process),
                                         request.command);
    worker = made.get();
    all_.emplace(serial, std::move(made));
  }
  worker->ask(id, request.input, now);
  if (std::ranges::find(asked_, worker) == asked_.end()) asked_.push_back(worker);
}

// The asker is told of the loss once, and asks again. What it asks before it has heard that is refused too,
// so that the order stays.
bool Children::refuse(Place& place, RequestId id) {
  std::string why = std::exchange(place.loss, {});
  if (why.empty()) {
    if (place.refused == 0) return false;
    const auto unheard = std::ranges::find(answers_, place.refused, &Answers::value_type::first);
    if (unheard == answers_.end()) {
      place.refused = 0;
      return false;
    }
    why = unheard->second.error;
  }
  answers_.emplace_back(id, Result{.end = Result::End::unasked, .error = std::move(why)});
  place.refused = id;
  return true;
}

void Children::no_more(const Command& command) {
  flush();
  for (auto& [of, place] : workers_)
    if (of.first == &command && place.worker != nullptr) place.worker->finish_input();
}

void Children::cancel(RequestId id, Time now) {
  if (const auto found = jobs_.find(id); found != jobs_.end()) found->second->stop(now);
}

Time Children::deadline() const {
  Time first = never;
  for (const auto& [serial, child] : all_) first = std::min(first, child->deadline());
  return first;
}

void Children::flush() {
  for (Worker* const worker : asked_) worker->flush();
  asked_.clear();
}

void Children::pump(Time now) {
  flush();
  for (const Watch::Mark mark : watch_.ready()) {
    const auto found = all_.find(Child::serial(mark));
    if (found == all_.end()) continue;
    found->second->ready(Child::port(mark), now);
    if (found->second->over()) touched_.push_back(found->first);
  }
  for (const auto& [serial, child] : all_) {
    if (child->deadline() > now) continue;
    child->timeout(now);
    if (child->over()) touched_.push_back(serial);
  }
  bury();
}

void Children::bury() {
  for (const std::uint64_t serial : touched_) {
    const auto found = all_.find(serial);
    if (found == all_.end()) continue;
    Child* const child = found->second.get();
    std::erase_if(jobs_, [child](const auto& entry) { return entry.second == child; });
    if (auto* const worker = dynamic_cast<Worker*>(child)) {
      if (worker->unasked())
        complaints_.push_back(
            fmt::format("worker {}: it answered what nobody asked; its answers may be of other records",
                        worker->command()->words.front()));
      for (auto& [of, place] : workers_)
        if (place.worker == worker)
          place = {.worker = nullptr, .loss = worker->take_loss(), .refused = place.refused};
      std::erase(asked_, worker);
    }
    all_.erase(found);
  }
  touched_.clear();
}

std::optional<std::pair<RequestId, Result>> Children::take() {
  if (answers_.empty()) return std::nullopt;
  std::optional<std::pair<RequestId, Result>> first = std::move(answers_.front());
  answers_.pop_front();
  return first;
}

void Children::end(const std::function<Time()>& now) {
  if (none()) return;
  const Time begun = now();
  flush();
  for (const auto& [serial, child] : all_) {
    const auto* const worker = dynamic_cast<const Worker*>(child.get());
    if (worker != nullptr && worker->idle() && (worker->accepts() || worker->finished()))
      child->finish_input();
    else
      child->stop(begun);
  }
  while (!none()) {
    const Time at = now();
    if (at >= begun + worker_grace)
      for (const auto& [serial, child] : all_) child->stop(at);
    if (at >= begun + last_wait) break;
    pump(at);
    if (none()) break;
    Time until = std::min(deadline(), begun + last_wait);
    if (at < begun + worker_grace) until = std::min(until, begun + worker_grace);
    const Duration left = until - at;
    std::vector<pollfd> events;
    wait_for(events);
    poll_for(events, Duration{std::clamp<std::int64_t>(left.ns, 1'000'000, 1'000'000'000)});
  }
  all_.clear();
}

}  // namespace sz::run
