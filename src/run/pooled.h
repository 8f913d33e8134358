#pragma once

#include <cstddef>
#include <string>

#include "plan/tree.h"
#include "run/chain.h"
#include "run/pipeline.h"

namespace sz::run {

/// How many of the leading steps run in the ordered pool, and why no more do.
struct Pooled {
  std::size_t steps = 0;
  std::string why = {};  ///< a phrase; empty if all of them do
};

/// Only steps that handle each record by itself, and none where the order of effects or an exact stop would
/// be lost. `chain` is all of the pipeline.
Pooled pooled_steps(const plan::Invocation& invocation, const Chain& chain, const Options& options);

}  // namespace sz::run
