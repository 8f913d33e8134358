#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "core/stage.h"
#include "run/dead_letters.h"
#include "run/events.h"
#include "run/host.h"
#include "run/tracer.h"

namespace sz::run {

/// What all stages share in the real program: starts work outside at the host and knows which stage waits for
/// which answer.
class HostRun final : public Run {
 public:
  /// `say` takes lines for stderr, `events` what happens to the pipeline, if given.
  HostRun(Host& host, StderrSink say, Events* listener = nullptr)
      : host_(host), say_(std::move(say)), listener_(listener) {
    events = listener != nullptr;
  }
  /// `tracer` is told of the requests of sampled records.
  void trace(Tracer* tracer) { tracer_ = tracer; }
  RequestId start(Stage& stage, Request request) override;
  void cancel(RequestId id) override;
  bool came_later(const Record& record) const override { return came_later_ && came_later_(record); }
  /// Who answers came_later().
  void ask_order(std::function<bool(const Record&)> came_later) { came_later_ = std::move(came_later); }
  void no_more(const Command& command) override { host_.no_more(command); }
  void notice(const Stage& stage, std::string_view text) override;
  void event(const Event& event) override;
  /// Brings the events and the trace out. A fault of writing them, once.
  std::optional<SystemError> flush_events();

  /// One line on stderr; it may hold foreign text.
  void say(std::string_view text) const;

  /// Hands the answers that have arrived to their stages. True if there was one.
  bool deliver();
  bool waiting() const { return !waiting_.empty(); }

 private:
  Host& host_;
  RequestId last_ = 0;
  boost::unordered_flat_map<RequestId, Stage*> waiting_;
  StderrSink say_;
  Events* listener_;
  std::function<bool(const Record&)> came_later_;
  Tracer* tracer_ = nullptr;
  boost::unordered_flat_set<RequestId> traced_;
};

}  // namespace sz::run
