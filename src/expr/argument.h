#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "core/declaration.h"
#include "expr/program.h"

namespace sz::expr {

/// Compiles the expression that was given for `name`; an error points to its place on the command line.
std::expected<Program, PlanError> compile_argument(const Arguments& arguments, std::string_view name,
                                                   const sz::Settings& settings);

/// The same where `name` may be missing.
std::expected<std::optional<Program>, PlanError> compile_optional(const Arguments& arguments,
                                                                  std::string_view name,
                                                                  const sz::Settings& settings);

/// The key that `--by` gives, where a stage remembers keys for nothing else: `--max-keys` without it is an
/// error.
std::expected<std::optional<Program>, PlanError> compile_key(const Arguments& arguments,
                                                             const sz::Settings& settings);

}  // namespace sz::expr
