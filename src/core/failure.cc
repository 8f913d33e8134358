#include "core/failure.h"

#include <array>

namespace sz {
namespace {
constexpr std::array<std::string_view, failure_kinds> names = {
    "parse",     "too_long",    "too_deep",     "time",       "expr",        "type",         "arg",
    "exec_exit", "exec_signal", "exec_timeout", "exec_spawn", "exec_output", "breaker_open", "throttled",
    "full",      "late",        "path",         "shutdown",   "internal"};
}

std::string_view name(FailureKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<FailureKind> failure_kind(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<FailureKind>(i);
  return std::nullopt;
}

}  // namespace sz
