#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/declaration.h"

namespace sz::plan {

/// What to write for a stage of another tool's: `take` for `head`, `take --last` for `tail`; or nothing.
std::string_view stage_for(std::string_view word);

/// The one of `options` that another tool calls `name`; or nothing.
std::string_view option_for(std::string_view name, std::span<const OptionDeclaration> options);

/// Advice on an option of jq and others that sz has no need of: `output is compact already: leave it out`; or
/// nothing.
std::string_view needless(std::string_view option);

}  // namespace sz::plan
