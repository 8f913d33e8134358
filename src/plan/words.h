#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sz::plan {

/// The words of a command line as the shell made them, without the program's name.
using Words = std::span<const std::string>;

/// `-x...` or `--x...` with a letter: an option. Anything else that starts with `-` is a value (`-`, `-1`,
/// `-.a`).
bool is_option(std::string_view word);

/// `then` or `+`: what parts two steps.
bool is_then(std::string_view word);

/// A word that ends the words of a step: `then`, `+`, `[`, `]`, `--`. Only whole words part anything.
bool is_separator(std::string_view word);

}  // namespace sz::plan
