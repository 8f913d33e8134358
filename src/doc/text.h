#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sz::doc {

/// The widest and the narrowest line of a help page, whatever the terminal has.
inline constexpr std::size_t page_width = 80;
inline constexpr std::size_t narrowest_page = 40;

/// How many columns UTF-8 text takes, one for each character.
std::size_t columns(std::string_view text);

/// Paragraphs parted by blank lines, each filled to `width` columns and indented; lines that start with two
/// spaces are kept as they are, but for those that are too wide and have the shape `  term  text`: their text
/// is filled in its column. Ends with a newline unless empty.
std::string wrap(std::string_view text, std::size_t indent = 0, std::size_t width = page_width);

/// A term and what it means.
struct Entry {
  std::string term;
  std::string text;
};

/// Terms in one column, texts wrapped in the other. A term too long for its column stands on a line of its
/// own.
std::string list(const std::vector<Entry>& entries, std::size_t indent = 2, std::size_t width = page_width);

}  // namespace sz::doc
