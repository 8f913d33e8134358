#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "expr/code.h"
#include "expr/program.h"
#include "expr/syntax_error.h"

namespace sz::expr {

/// Turns an expression's text into Code. `heap` holds its constants and must outlive it. With
/// settings.direct, single-output parts become direct nodes, and the whole too if it is one.
std::expected<std::unique_ptr<Code>, SyntaxError> compile(std::string_view source, Heap& heap,
                                                          const Settings& settings);

}  // namespace sz::expr
