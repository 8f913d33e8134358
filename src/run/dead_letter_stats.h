#pragma once

#include "plan/command.h"
#include "run/dead_letters.h"

namespace sz::run {

/// `sz dlq stats FILE`: a table of kinds and stages, most frequent first, each with its number of letters and
/// the first and last time. Torn lines are counted below it. Written to the descriptor `output`. The exit
/// status: 0, or 3 if reading or writing failed.
int dead_letter_stats(const plan::LetterStats& request, int output = 1,
                      const StderrSink& error = standard_error_sink());

}  // namespace sz::run
