#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sz::plan {

/// A command line of the test tables as a shell would split it: '...' and "..." quote, `\` outside quotes
/// takes the next byte as it is, `\xHH` outside quotes is that byte. Nothing expands.
std::vector<std::string> shell_words(std::string_view line);

}  // namespace sz::plan
