#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <vector>

#include "core/declaration.h"
#include "core/plan_error.h"
#include "plan/option_parser.h"
#include "plan/words.h"

namespace sz::plan {

/// Reads one option's value into `into`. Errors: no value, a value for a flag, a value of another type, given
/// twice.
std::expected<void, PlanError> set_option(Arguments& into, const Taken& taken, Words words);

/// Fills in the fallbacks of what was not given.
void set_fallbacks(Arguments& into, std::span<const OptionDeclaration> options);

/// Reads plain words into the positionals of `owner` in order; one that came by `-e` goes to the first
/// expression that is still free. Returns the first word that has no place, or nullptr.
std::expected<const Taken*, PlanError> set_positionals(Arguments& into, const Declaration& owner,
                                                       std::span<const Taken> plain);

}  // namespace sz::plan
