#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "expr/token.h"

namespace sz::expr {

/// What someone who writes in another language's manner most likely meant by `tokens[at]`, which the grammar
/// does not take there: a hint that names the way out, or "". `tokens` end with one of type end.
std::string mistake(std::span<const Token> tokens, std::size_t at);

/// The same for a word that names no function. `before` is the source up to it.
std::string mistaken_name(std::string_view name, std::size_t arity, std::string_view before);

}  // namespace sz::expr
