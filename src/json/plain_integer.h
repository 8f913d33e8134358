#pragma once

#include <algorithm>
#include <string_view>

namespace sz::json {

/// Is a JSON value's text an integer of digits alone, few enough for 64 bits? JSON has no zeros before them,
/// so it is its own canonical form.
inline bool is_plain_integer(std::string_view text) {
  constexpr std::size_t most_digits = 18;
  return text.size() <= most_digits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace sz::json
