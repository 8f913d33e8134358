#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/side_file.h"
#include "core/time.h"
#include "run/drain.h"
#include "run/used_files.h"

namespace sz::run {

/// Who hears what happens to the pipeline itself (--events).
class Events {
 public:
  virtual ~Events() = default;
  /// `now` is the wall's time. What the event views is lent for the call.
  virtual void write(const Event& event, Time now) = 0;
  /// Brings everything out. A fault, once: it ends the run, and nothing more is written.
  virtual std::optional<SystemError> flush() = 0;
  /// The same for good. Once, last.
  virtual std::optional<SystemError> close() = 0;
};

/// Appends an event as one JSON line: `v`, `ts` (the wall's time, RFC 3339), `run`, `event`, then `stage` and
/// `index` where it happened to a stage, `clock` under --time, and what the kind has of its own.
void append_event(std::string& out, const Event& event, const std::string& run_id, std::string_view ts);

/// --events FILE: lines are gathered and appended in one go, as the dead letters are; the same paths are
/// taken and refused (see open_dead_letter_file).
std::expected<std::unique_ptr<Events>, SystemError> open_event_file(const std::string& path,
                                                                    std::string run_id, UsedFiles& used,
                                                                    Drain& drain);

}  // namespace sz::run
