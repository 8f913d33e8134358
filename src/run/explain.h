#pragma once

#include <expected>

#include "core/plan_error.h"
#include "plan/explained.h"
#include "plan/tree.h"
#include "plan/words.h"

namespace sz::run {

/// The plan of a pipeline, which is built as for a run and then asked. `words` are those of the command line.
std::expected<plan::Explained, PlanError> explain(const plan::Invocation& invocation, plan::Words words);

}  // namespace sz::run
