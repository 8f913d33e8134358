#pragma once

#include <cstdint>
#include <string_view>

#include "expr/ast.h"
#include "expr/token.h"

namespace sz::expr {

/// An operator between two operands, as jq's grammar has it.
struct Infix {
  /// How strongly it binds, weakest first; `tight` is stronger than all.
  enum Strength : std::uint8_t {
    pipe = 1,
    comma,
    alternative,
    assignment,
    disjunction,
    conjunction,
    comparison,
    sum,
    product,
  };
  enum class Side : std::uint8_t { chain, none };

  std::string_view symbol;
  Strength strength;
  Side side;  ///< does a chain of them group to the left, or is there none?
  Expr::Type type;
};

/// The operator that the token is, or null.
const Infix* find_infix(const Token& token);
/// The strength of a symbol of the table.
Infix::Strength strength_of(std::string_view symbol);

}  // namespace sz::expr
