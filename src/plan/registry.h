#pragma once

#include <span>
#include <string_view>

#include "core/declaration.h"

namespace sz::plan {

/// What the grammar, the help and the completions know of: a view of declarations that live for the whole
/// run.
using Declarations = std::span<const Declaration* const>;

/// Every stage and prefix in the manual's order, as stages.def lists them.
Declarations stages();

/// The commands of sz that are no pipeline: `run`, `explain`, `demo`, `replay`, `dlq stats`,
/// `completion`, `help`.
Declarations commands();

/// By name or alias; nullptr if there is none.
const Declaration* find_stage(std::string_view name, Declarations among = stages());

/// The options of sz itself, in the manual's order.
std::span<const OptionDeclaration> globals();

/// By name (`--dlq`) or letter (`-i`); nullptr if there is none.
const OptionDeclaration* find_option(std::string_view name, std::span<const OptionDeclaration> among);

}  // namespace sz::plan
