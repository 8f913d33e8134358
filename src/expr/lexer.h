#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "expr/syntax_error.h"
#include "expr/token.h"

namespace sz::expr {

/// The tokens of `source`, the last one of type end. Strings come as their parts, so that interpolations
/// nest.
std::expected<std::vector<Token>, SyntaxError> tokenize(std::string_view source);

}  // namespace sz::expr
