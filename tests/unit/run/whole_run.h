#pragma once

#include <string>
#include <vector>

#include "core/failure.h"
#include "run/pipeline.h"
#include "run/scripted_host.h"

namespace sz::run {

/// What a whole run on a scripted host came to.
struct WholeRun {
  Pipeline::Report report;
  struct Letter {
    std::uint64_t line;
    std::string stage;
    FailureKind kind;
    std::string original;
    friend bool operator==(const Letter&, const Letter&) = default;
  };
  std::vector<Letter> letters;
  std::string said;                 ///< on stderr
  std::vector<std::string> events;  ///< the lines of --events; the run's id is "run"

  /// Each event as `KIND STAGE INDEX CLOCK FIELDS`, with - for what it does not have.
  std::vector<std::string> event_kinds() const;
};

/// Runs `words` (split at blanks; no quoting) on `host`, reading what it has for "-". Letters are kept as
/// with --dlq. `debug` takes the lines of the builtin, from any thread.
WholeRun run_whole(const std::string& words, ScriptedHost& host, StderrSink debug = {},
                   const Watchers& watchers = {});

}  // namespace sz::run
