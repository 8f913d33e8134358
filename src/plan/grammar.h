#pragma once

#include <cstddef>
#include <expected>

#include "core/plan_error.h"
#include "plan/registry.h"
#include "plan/tree.h"
#include "plan/words.h"

namespace sz::plan {

/// A pipeline and the index of the first word behind it: the end, a `]` without its `[`, or `--`.
struct ParsedPipeline {
  Pipeline pipeline;
  std::size_t end = 0;
  const Declaration* help = nullptr;  ///< a stage had -h or --help among its words: nothing else counts
  bool whole_help = false;            ///< it was --help
};

/// Reads PIPELINE (SPEC 1) from words[begin] on:
///
///     PIPELINE := STEP ( then STEP )*
///     STEP     := PREFIX* ( STAGE ( WORD | GROUP )* | GROUP )
///     GROUP    := '[' [PIPELINE] ']'
///
/// Stage words are converted and checked against their declaration; what only a stage can know is left to its
/// build.
std::expected<ParsedPipeline, PlanError> parse_pipeline(Words words, std::size_t begin, Declarations known);

}  // namespace sz::plan
