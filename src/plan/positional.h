#pragma once

#include <string_view>

#include "core/declaration.h"

namespace sz::plan {

// What the name of a positional says beyond its type:
//   `EXPR`      once
//   `AGG...`    takes every word that is left (Arguments::texts)
//   `EXPR [`    stands before each bracket, as its condition (Group::condition); `else` may stand there
//   instead

inline bool takes_rest(const PositionalDeclaration& positional) { return positional.name.ends_with("..."); }

inline bool stands_before_group(const PositionalDeclaration& positional) {
  return positional.name.ends_with(" [");
}

/// Whether the brackets of a stage have conditions.
inline bool has_conditions(const Declaration& declaration) {
  for (const PositionalDeclaration& positional : declaration.positionals)
    if (stands_before_group(positional)) return true;
  return false;
}

/// Whether `-e EXPR` and `--expr=EXPR` stand for a plain word of the stage.
inline bool takes_expression(const Declaration& declaration) {
  for (const PositionalDeclaration& positional : declaration.positionals)
    if (positional.type == ValueType::expression) return true;
  return false;
}

/// Whether `-f FILE` does so too: only where the word is one whole expression.
inline bool takes_expression_file(const Declaration& declaration) {
  for (const PositionalDeclaration& positional : declaration.positionals)
    if (positional.type == ValueType::expression && !takes_rest(positional)) return true;
  return false;
}

/// `-e EXPR`, which every stage with an expression among its plain words has.
const OptionDeclaration& expression_option();

/// `-f FILE`, the same from a file; beside the positional's text Arguments has FILE as file_of(its name).
const OptionDeclaration& from_file_option();

/// `-h` and `--help`, which every stage has.
const OptionDeclaration& help_option();

}  // namespace sz::plan
