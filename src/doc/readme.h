#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/registry.h"

namespace sz::doc {

/// README.md with the table of stages, made anew from the declarations, between the lines `<!-- stages -->`
/// and
/// `<!-- end of stages -->`. Empty if they are not there.
std::optional<std::string> readme(std::string_view text, plan::Declarations stages = plan::stages());

}  // namespace sz::doc
