#pragma once

#include <expected>
#include <string_view>

#include "expr/ast.h"
#include "expr/syntax_error.h"

namespace sz::expr {

/// Expressions may nest this deep in their text.
inline constexpr int max_nesting = 400;

/// Parses a whole expression of jq's language by its grammar and precedences. Names are not looked up here.
std::expected<ExprPtr, SyntaxError> parse(std::string_view source);

}  // namespace sz::expr
