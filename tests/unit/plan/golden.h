#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sz::plan {

/// Checks a table of cases, a file of blocks parted by blank lines:
///
///     $ sz WORDS
///     what `answer` gives for WORDS, line by line
///
/// Lines that start with `#` are headings. With SZ_REFILL=1 in the environment the answers are written anew,
/// for a person to review as a diff. `file` is relative to this folder. Returns the number of cases.
std::size_t check_golden(std::string_view file,
                         const std::function<std::string(std::string_view words)>& answer);

}  // namespace sz::plan
