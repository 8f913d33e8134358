#pragma once

#include <map>
#include <string_view>
#include <utility>

#include "core/stage.h"
#include "run/dead_letters.h"
#include "run/host.h"

namespace sz::run {

/// What all stages share in the real program: starts work outside at the host and knows which stage waits for
/// which answer.
class HostRun final : public Run {
 public:
  /// `say` takes lines for stderr.
  HostRun(Host& host, StderrSink say) : host_(host), say_(std::move(say)) {}
  RequestId start(Stage& stage, Request request) override;
  void notice(const Stage& stage, std::string_view text) override;

  /// One line on stderr; it may hold foreign text.
  void say(std::string_view text) const;

  /// Hands the answers that have arrived to their stages. True if there was one.
  bool deliver();
  bool waiting() const { return !waiting_.empty(); }

 private:
  Host& host_;
  RequestId last_ = 0;
  std::map<RequestId, Stage*> waiting_;
  StderrSink say_;
};

}  // namespace sz::run
