#pragma once

#include <string>

#include "core/plan_error.h"
#include "plan/words.h"

namespace sz::plan {

/// The text for stderr: `sz: MESSAGE`; the command line with the place underlined, if the error has a place;
/// the hint, if there is one, or where input files go if the place is a file that exists. Every line ends
/// with a newline and is safe for a terminal. Long command lines are cut around the place.
///
///     sz: unknown stage "filtr"
///       sz filtr .a
///          ^^^^^
///     did you mean "filter"?
std::string report(const PlanError& error, Words words);

}  // namespace sz::plan
