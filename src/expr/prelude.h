#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace sz::expr {

/// A builtin that is defined in the language itself; compiled only into programs that use it.
struct Definition {
  std::string_view name;
  std::size_t arity;
  std::string_view source;  ///< `def name...: ...;`
};

std::span<const Definition> definitions();
const Definition* find_definition(std::string_view name, std::size_t arity);

}  // namespace sz::expr
