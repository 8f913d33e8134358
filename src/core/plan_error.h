#pragma once

#include <cstddef>
#include <string>

namespace sz {

/// Something wrong with the command line, found before any input is read: exit status 2. It points into the
/// words as the user typed them, so that the report can underline the place.
struct PlanError {
  std::string message;      ///< one phrase, lower case, no full stop: `unknown stage "filtr"`
  std::string hint;         ///< the way out, or empty: `did you mean "filter"?`
  std::size_t word = none;  ///< index into the words of the command line, or `none`
  std::size_t offset = 0;   ///< first byte of the fault within that word
  std::size_t length = 0;   ///< how many bytes of it to underline; 0 underlines the whole word
  std::string shown = {};   ///< a line of a file to show instead of the command line, `word` aside

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

}  // namespace sz
