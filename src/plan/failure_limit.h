#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace sz::plan {

/// `--max-failures N|SHARE`: so many failed records, or such a share of the lines settled (SPEC 4).
using FailureLimit = std::variant<std::uint64_t, double>;

/// Digits alone are a number of records (`0`, `1`, `25`); `0.5`, `5%` and `1/20` are shares. The error is one
/// phrase.
std::expected<FailureLimit, std::string> parse_failure_limit(std::string_view text);

}  // namespace sz::plan
