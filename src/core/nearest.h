#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sz {

/// The least number of single insertions, deletions, replacements and swaps of neighbours that turn `a` into
/// `b`, where no place is edited twice (the restricted Damerau-Levenshtein distance). In bytes; letters of
/// either case are equal.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one of `words` that was most likely meant; empty if none is near: at most one edit in three bytes of
/// the longer, or `word` (of at least three bytes) begins exactly one of them. The first of equals wins.
std::string_view nearest(std::string_view word, std::span<const std::string_view> words);

/// `did you mean "filter"?`, or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> words);

}  // namespace sz
