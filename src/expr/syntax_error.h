#pragma once

#include <cstddef>
#include <string>

namespace sz::expr {

/// What is wrong with the text of an expression, and where: bytes [offset, offset + length) of it, length at
/// least 1 except at the end.
struct SyntaxError {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;  ///< one line, no full stop: unexpected token "]"
  std::string hint;     ///< advice or empty: did you mean `length`?
};

}  // namespace sz::expr
