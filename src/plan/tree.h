#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/declaration.h"

namespace sz::plan {

struct Step;
struct Group;

/// PIPELINE := STEP ( then STEP )*. An empty one passes records on.
struct Pipeline {
  std::vector<Step> steps;
};

/// A word or option of the command line that is evaluated later, with its place for errors.
struct Expression {
  std::string text;
  std::size_t word = PlanError::none;
  std::size_t offset = 0;  ///< where in that word the text begins (`--expr=.a`)
};

/// GROUP := '[' [PIPELINE] ']', and what stands before it for a stage whose brackets have conditions.
struct Group {
  Pipeline pipeline;
  std::optional<Expression> condition;  ///< `EXPR [ A ]`
  bool otherwise = false;               ///< `else [ C ]`: the last group, without a condition
  std::size_t word = PlanError::none;   ///< the word `[`
};

/// A prefix, a stage or, with no stage, a bare group behind a prefix. Nesting: the first prefix is the
/// outermost.
struct Step {
  struct Prefix {
    const Declaration* declaration = nullptr;
    Arguments arguments;
    std::vector<Group> groups;
  };
  std::vector<Prefix> prefixes;
  const Declaration* declaration = nullptr;  ///< nullptr: the one group is the step
  Arguments arguments;
  std::vector<Group> groups;
};

/// What the words of a command line say, checked word by word; nothing is opened or built yet.
struct Invocation {
  Arguments globals;                ///< by the names of globals()
  Pipeline pipeline;                ///< at least one step
  std::vector<std::string> inputs;  ///< -i and `--` files in order; empty: stdin
};

}  // namespace sz::plan
