#pragma once

#include <cstddef>
#include <string>

#include "doc/text.h"
#include "plan/command.h"
#include "plan/registry.h"

namespace sz::doc {

// The pages of `-h`, `--help` and `sz help`: plain text of at most `width` columns but for examples and usage
// lines, ending with a newline. Who writes them is main.

/// `sz -h`: one screen of 24 lines, with room for the prompt.
std::string short_help(plan::Declarations stages = plan::stages(), std::size_t width = page_width);

/// `sz --help`: the short page, then everything.
std::string full_help(plan::Declarations stages = plan::stages(), std::size_t width = page_width);

/// `sz STAGE -h`, one screen, or `sz STAGE --help`. Also for a command of plan::commands().
std::string stage_help(const Declaration& stage, bool whole, std::size_t width = page_width);

/// The page that a command line asked for.
std::string help(const plan::ShowHelp& asked, plan::Declarations stages = plan::stages(),
                 std::size_t width = page_width);

/// `sz --version`.
std::string version();

}  // namespace sz::doc
