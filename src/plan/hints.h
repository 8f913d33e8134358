#pragma once

#include <cstddef>
#include <string>

#include "core/declaration.h"
#include "core/plan_error.h"
#include "plan/option_parser.h"
#include "plan/registry.h"
#include "plan/words.h"

namespace sz::plan {

// Errors about words that have no place, with what was probably meant. They look at the file system, so they
// are for the way out only.

/// A plain word of `stage` too many. `expression`: the first word of the stage's expression, or
/// PlanError::none.
PlanError unexpected_word(Words words, std::size_t word, const Declaration& stage, std::size_t expression,
                          Declarations known);

/// A word where a stage is expected.
PlanError unknown_stage(Words words, std::size_t word, Declarations known);

/// An option that `stage` does not have. `first`: the first stage's word of the whole command line.
PlanError unknown_option(Words words, const UnknownOption& option, const Declaration& stage,
                         std::size_t first);

/// An option before the first stage that sz does not have.
PlanError unknown_global(Words words, const UnknownOption& option, Declarations known);

/// `input files go after --` if the word names a file that exists; else nothing.
std::string file_hint(Words words, std::size_t word);

/// The word as one would type it in a shell: quoted if need be.
std::string shell_word(std::string_view word);

}  // namespace sz::plan
