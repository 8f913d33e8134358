#pragma once

#include <string>
#include <vector>

#include "observe.h"
#include "oracle.h"

namespace sz::simulate {

/// Words as one would type them into a shell.
std::string shell_words(const std::vector<std::string>& words);
/// The command line, the input with its times, and what happens meanwhile.
std::string show(const Scenario& scenario);
/// What was wanted and what came, side by side.
std::string show_results(const Expectation& expected, const Observed& observed);

}  // namespace sz::simulate
