#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/declaration.h"
#include "plan/pipeline_file.h"

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

/// A pipeline that came from a file (`sz run FILE`): its words count on from those of the command line.
struct RunFile {
  PipelineFile file;
  std::size_t typed = 0;  ///< so many words stood on the command line
  std::size_t named = 0;  ///< the one of them that is FILE

  /// An error at any of the words as one about the command line or a line of the file.
  PlanError located(PlanError error) const {
    if (error.word == PlanError::none || error.word < typed) return error;
    const std::size_t word = error.word - typed;
    return file.located(std::move(error), word, named);
  }
};

/// What the words of a command line say, checked word by word; nothing is opened or built yet.
struct Invocation {
  Arguments globals;                ///< by the names of globals()
  Pipeline pipeline;                ///< at least one step
  std::vector<std::string> inputs;  ///< -i and `--` files in order; empty: stdin
  std::optional<RunFile> from = {};

  /// An error about it as one to report against the words of the command line.
  PlanError located(PlanError error) const {
    return from ? from->located(std::move(error)) : std::move(error);
  }
};

}  // namespace sz::plan
