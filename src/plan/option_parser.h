#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/declaration.h"
#include "core/plan_error.h"
#include "plan/words.h"

namespace sz::plan {

/// One thing that a word or two said: an option with or without a value, or a plain word.
struct Taken {
  const OptionDeclaration* option = nullptr;  ///< nullptr: a plain word
  std::size_t name_word = 0;                  ///< the word that names the option
  bool has_value = false;
  std::size_t value_word = 0;  ///< the word that holds the value
  std::size_t offset = 0;      ///< where in that word the value begins
  std::string value;
  std::string second = {};  ///< of a pair: the word behind `value`
  bool has_second = false;

  std::size_t last_word() const {
    return (name_word > value_word ? name_word : value_word) + (has_second ? 1 : 0);
  }
};

/// An option that nobody declared: `name` as typed, without `=VALUE`; `offset` is over 0 behind other letters
/// (`-rX`).
struct UnknownOption {
  std::string name;
  std::size_t word = 0;
  std::size_t offset = 0;
};

struct TakenWords {
  std::vector<Taken> taken;              ///< in the order of the words
  std::optional<UnknownOption> unknown;  ///< the first one
  std::size_t end = 0;                   ///< the first word that was not read
};

/// Matches words[begin, end) with options: `--x V`, `--x=V`, `-n5`, `-n 5`, `-rv` for flags. No word in the
/// range is a separator unless `stop_at_plain` ends the reading before it, at the first plain word.
///
/// The word behind an option is its value unless it looks like an option; where the value is a text, an
/// expression or a file, only a word that is exactly one of `options` is not taken (`-e -length` works, `--by
/// --every` is a missing value).
///
/// CLI11 does the matching; it never sees a value, only a mark in its place, so no value can be mistaken for
/// anything.
std::expected<TakenWords, PlanError> take_words(Words words, std::size_t begin, std::size_t end,
                                                std::span<const OptionDeclaration* const> options,
                                                bool stop_at_plain);

}  // namespace sz::plan
