#pragma once

#include "plan/command.h"
#include "run/dead_letters.h"

namespace sz::run {

/// `sz replay FILE` (SPEC 5): prints the records of the letters that are asked for to the descriptor
/// `output`, byte for byte, each with a '\n'. As `original`: the input line, each run + src + line once. As
/// `record`: the record as it reached the stage; the common record of a group once; where a letter has none,
/// it was the original. One line on `error` if anything was passed over.
///
/// The exit status: 0, 1 if a letter has not the whole of what is asked for, 2 for an unknown kind, 3 if
/// reading or writing failed.
int replay(const plan::Replay& request, int output = 1, const StderrSink& error = standard_error_sink());

}  // namespace sz::run
