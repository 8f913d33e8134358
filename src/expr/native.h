#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "expr/context.h"
#include "expr/value.h"

namespace sz::expr {

/// A builtin that gives one output (or an error) for one input and one value of each argument. `v[0]` is the
/// input, the arguments follow; all may be moved from.
struct Native {
  using Function = Value (*)(Context& context, std::span<Value> v);
  std::string_view name;
  std::uint32_t arity;  ///< arguments, without the input
  Function function;
};

/// The builtin, or null.
const Native* find_native(std::string_view name, std::size_t arity);
/// All of them, for suggestions and tests.
std::span<const Native> natives();

/// Shared by the table's parts.
std::span<const Native> general_natives();
std::span<const Native> text_natives();
std::span<const Native> number_natives();
std::span<const Native> array_natives();
std::span<const Native> regex_natives();
std::span<const Native> math_natives();
std::span<const Native> date_natives();
std::span<const Native> format_natives();
std::span<const Native> position_natives();
std::span<const Native> run_natives();
std::span<const Native> entries_natives();

/// tojson: the compact text.
Value to_json(Context& context, const Value& v);
/// tostring: strings as they are, others as to_json.
Value to_text(Context& context, const Value& v);

}  // namespace sz::expr
