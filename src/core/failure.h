#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sz {

/// Why a record failed: the closed list of the dead letters' `kind`.
enum class FailureKind : std::uint8_t {
  parse,         ///< the line is not JSON
  too_long,      ///< the line is longer than --max-line
  too_deep,      ///< the JSON nests too deep
  time,          ///< --time gave no usable instant
  expr,          ///< an expression failed on this record
  type,          ///< a value is of a kind that the stage cannot use
  arg,           ///< a {.path} in a command cannot be filled
  exec_exit,     ///< a command ended with a status other than 0
  exec_signal,   ///< a command died of a signal
  exec_timeout,  ///< a command took too long
  exec_spawn,    ///< a command could not be started
  exec_output,   ///< a command's output is not what it must be
  breaker_open,  ///< the circuit breaker is open
  throttled,     ///< over the rate
  full,          ///< a bound on keys or records is reached
  late,          ///< every window it belongs to is closed
  path,          ///< a file name cannot be made of it
  shutdown,      ///< the run ended before it was done
  internal,      ///< a fault of sz
};
inline constexpr std::size_t failure_kinds = static_cast<std::size_t>(FailureKind::internal) + 1;

/// As the dead letters spell it.
std::string_view name(FailureKind kind);
std::optional<FailureKind> failure_kind(std::string_view name);

/// What a stage says of a record that it cannot pass on.
struct Failure {
  FailureKind kind = FailureKind::internal;
  std::string error;               ///< one phrase; may hold foreign text, unescaped
  std::optional<int> exit = {};    ///< a command's exit status
  std::optional<int> signal = {};  ///< the signal that a command died of
  std::string stderr_tail = {};    ///< the last 8 KiB of what a command printed on standard error
  bool tap = false;                ///< a tap's copy failed; the record itself went on
  std::uint32_t attempts = 0;      ///< how often a retry tried it; 0 without one around
  std::string cause = {};          ///< the failure that a catch took before this one, a JSON object; or empty
  /// Until then, on the wall, another try is of no use: the breaker is open, or the worker that had the
  /// record went away and rests.
  Time not_before = Time::min();
};

}  // namespace sz
