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

/// What to write for an option `name` of this one stage; or nothing.
std::string_view option_of_stage(std::string_view stage, std::string_view name);

/// Advice on a word that stands where a stage should and needs none; or nothing.
std::string_view no_stage_advice(std::string_view word);

/// The topic of `sz help` that has what `word` asks for; or nothing.
std::string_view page_for(std::string_view word);

/// Advice on an option of jq and others that sz has no need of: `output is compact already: leave it out`; or
/// nothing.
std::string_view needless(std::string_view option);

}  // namespace sz::plan
