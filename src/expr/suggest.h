#pragma once

#include <string>
#include <string_view>

namespace sz::expr {

/// The known function nearest to `name`, as a hint for the user, or empty.
std::string suggest(std::string_view name, std::size_t arity);

/// The functions the compiler itself knows.
bool is_special(std::string_view name, std::size_t arity);

}  // namespace sz::expr
