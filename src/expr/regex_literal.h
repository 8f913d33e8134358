#pragma once

#include <expected>
#include <optional>

#include "expr/ast.h"
#include "expr/regex.h"

namespace sz::expr {

/// A pattern that is written in the program: `test("re")`, `sub("re"; f; "flags")`, `match(["re", "flags"])`.
struct RegexLiteral {
  const Expr* pattern;
  const Expr* flags;  ///< null if there are none
  bool whole;         ///< the flags too are written there (or absent)

  /// As far as it is known.
  std::expected<Regex, RegexError> compile() const;
};

/// Nothing if `call` is no call of a function on regular expressions, or its pattern is computed.
std::optional<RegexLiteral> regex_literal(const Expr& call);

}  // namespace sz::expr
