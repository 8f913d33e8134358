#pragma once

#include <expected>
#include <string_view>

#include "core/declaration.h"

namespace sz::expr {

/// Refuses an assignment where a condition stands: `.a = 1` gives a container, which is always true, and was
/// meant as `.a == 1`. For an argument that compiles; nothing given is right.
std::expected<void, PlanError> check_condition(const Arguments& arguments, std::string_view name);

}  // namespace sz::expr
