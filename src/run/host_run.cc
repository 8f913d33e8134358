#include "run/host_run.h"

#include "core/quote.h"

namespace sz::run {

RequestId HostRun::start(Stage& stage, Request request) {
  waiting_.emplace(++last_, &stage);
  if (tracer_ != nullptr && tracer_->sampling()) {
    traced_.insert(last_);
    tracer_->request(true, last_, stage.name());
  }
  host_.start(last_, std::move(request));
  return last_;
}

void HostRun::cancel(RequestId id) {
  if (waiting_.erase(id) != 0) host_.cancel(id);
}

void HostRun::notice(const Stage& stage, std::string_view text) {
  say(std::string(stage.name()) + ": " + std::string(text));
}

void HostRun::event(const Event& event) {
  if (listener_ != nullptr) listener_->write(event, now);
}

std::optional<SystemError> HostRun::flush_events() {
  if (tracer_ != nullptr) tracer_->flush();
  return listener_ != nullptr ? listener_->flush() : std::nullopt;
}

void HostRun::say(std::string_view text) const {
  constexpr std::size_t longest = 2000;
  say_("sz: " + quote(text, longest) + '\n');
}

bool HostRun::deliver() {
  auto answer = host_.take_completion();
  if (!answer) return false;
  const auto asked = waiting_.find(answer->first);
  if (asked == waiting_.end()) return true;  // it was abandoned
  Stage* const stage = asked->second;
  waiting_.erase(asked);
  if (tracer_ != nullptr && traced_.erase(answer->first) != 0)
    tracer_->request(false, answer->first, stage->name());
  stage->complete(answer->first, std::move(answer->second));
  return true;
}

}  // namespace sz::run
