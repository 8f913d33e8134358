#pragma once

#include <string>
#include <string_view>

#include "core/declaration.h"
#include "doc/text.h"

namespace sz::doc {

/// `-n, --size N`, `--stats[=text|json]`, `-v, --invert`.
std::string option_term(const OptionDeclaration& option);

/// The option's help with its default: `at most N records (default 100)`.
std::string option_text(const OptionDeclaration& option);

/// `sz batch [OPTION]...`, `sz switch [OPTION]... EXPR [ ... ] EXPR [ ... ]... [else [ ... ]]`.
std::string usage(const Declaration& declaration);

/// The plain words of a declaration, explained.
std::vector<Entry> positional_entries(const Declaration& declaration);

/// Its options, and what every one has, explained.
std::vector<Entry> option_entries(const Declaration& declaration);

/// An example as on a terminal: the command behind `$`, what goes in behind `<`, what comes out behind `>`.
std::string transcript(const Example& example, std::string_view indent);

}  // namespace sz::doc
