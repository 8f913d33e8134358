#pragma once

#include <string>
#include <string_view>

#include "plan/registry.h"

namespace sz::doc {

/// man/sz.1 in mdoc(7): the prose of `prose` (man/sz.1.in) with the tables in place of its lines `@OPTIONS@`,
/// `@STAGES@`,
/// `@COMMANDS@`, `@COMMAND_SYNOPSIS@`, `@TOPICS@` and `@EXIT_STATUS@`.
std::string manual(std::string_view prose, plan::Declarations stages = plan::stages());

}  // namespace sz::doc
