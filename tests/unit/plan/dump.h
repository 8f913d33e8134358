#pragma once

#include <string>

#include "plan/command.h"

namespace sz::plan {

/// A command as text, one line:
///
///     {--dlq=f} retry(--attempts=3*): map(EXPR=.a) then switch [ .x: take(N=1) ] [ else: ] <- in.ndjson
///
/// Globals stand in braces, only those given; a fallback of a stage ends in `*`; types show by their form
/// (`1s`, `50/1s`).
std::string dump(const Command& command);

}  // namespace sz::plan
