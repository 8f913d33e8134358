#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sz::expr {

/// The known function nearest to `name`, as a hint for the user, or empty.
std::string suggest(std::string_view name, std::size_t arity);

/// All functions, sorted, without repetition, for the manual.
std::vector<std::string_view> function_names();

/// name/arity of all builtins, sorted: what `builtins` gives.
std::vector<std::string> builtin_signatures();

/// A function of jq's that sz refuses for good (SPEC 6), why, and what to write instead.
struct Refusal {
  std::string_view name;
  std::string_view why;
  std::string_view instead;
};
const Refusal* find_refusal(std::string_view name);

/// The functions the compiler itself knows.
bool is_special(std::string_view name, std::size_t arity);

}  // namespace sz::expr
