#pragma once

#include <expected>
#include <string>

namespace sz::plan {

/// The text of an expression that stands in a file of its own (`-f FILE`), read once for all copies of a
/// stage: FILE may be a pipe. Up to 16 MiB. The error is a phrase for the user.
std::expected<std::string, std::string> read_expression_file(const std::string& path);

}  // namespace sz::plan
