#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/plan_error.h"
#include "core/quantity.h"
#include "plan/registry.h"
#include "plan/tree.h"
#include "plan/words.h"

namespace sz::plan {

/// `sz -h`, `sz STAGE --help`, `sz help TOPIC`: print a page of the manual on stdout, exit 0.
struct ShowHelp {
  std::string subject;  ///< a stage, a command or a topic by its own name; empty: sz itself
  bool whole = false;   ///< everything instead of one screen
};

/// `sz --version`.
struct ShowVersion {};

/// No stage: the short help goes to stderr, exit 2.
struct NoStage {};

/// `sz completion SHELL`: print the completion script.
struct ShowCompletion {
  std::string shell;  ///< bash, zsh or fish
};

/// `sz replay FILE`: print the records of dead letters again.
struct Replay {
  std::string file;
  std::vector<std::string> kinds;   ///< empty: all
  std::vector<std::string> stages;  ///< empty: all
  enum class As : std::uint8_t { original, record } as = As::original;
};

/// `sz dlq stats FILE`: table kinds, stages and times of dead letters.
struct LetterStats {
  std::string file;
};

/// `sz explain PIPELINE`: print the plan, read no input.
struct Explain {
  Invocation invocation;
};

/// `sz demo`: print made-up log lines, the same for the same seed.
struct Demo {
  std::uint64_t count = 0;   ///< 0: without end
  std::optional<Rate> rate;  ///< as fast as possible without
  std::uint64_t seed = 0;
};

/// What a command line asks for.
using Command = std::variant<Invocation, ShowHelp, ShowVersion, NoStage, ShowCompletion, Replay, LetterStats,
                             Explain, Demo>;

/// Reads the words behind `sz` (SPEC 1). Word indices of errors and trees count from the first of them. Opens
/// nothing and throws nothing. `known` stands in for the registry in tests.
std::expected<Command, PlanError> parse_command(Words words, Declarations known = stages());

}  // namespace sz::plan
