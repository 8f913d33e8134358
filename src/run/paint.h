#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sz::run {

/// Is text on `fd` to be coloured? `--color always` and `never` say so; else if `fd` is a terminal, TERM is
/// set and not `dumb`, and NO_COLOR is not set (no-color.org).
bool colored(int fd, std::string_view wish);

/// What --color says among words that may be wrong otherwise: the last one before the first stage counts.
std::string_view color_wish(std::span<const std::string> words);

/// A diagnostic with `sz:` and the line of `^^^` in colour; each line that begins with `sz:` begins one.
std::string paint_diagnostic(std::string_view text);

/// A page of help with headings in bold: lines that do not begin with a blank and end with a colon, the words
/// up to `usage:`, and what stands before ` - ` on the first line.
std::string paint_page(std::string_view text);

}  // namespace sz::run
