#pragma once

#include <optional>

#include "core/plan_error.h"
#include "plan/tree.h"

namespace sz::plan {

/// What a prefix cannot stand around (SPEC 7): retry takes only what answers each record by itself, for a try
/// of its own may come again; under breaker nothing may make one record of many. The first fault, if any.
std::optional<PlanError> check_nesting(const Pipeline& pipeline);

}  // namespace sz::plan
