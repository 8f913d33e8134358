#pragma once

#include <string>
#include <string_view>

namespace sz::stages_test {

/// Plays one case of the tables and returns it as it went; a case that is right comes back as it is written.
///
///     $ sz batch --size 2 --every 1s      the pipeline; what cannot be built gives the report of the error
///     0.5s  < {"a":1}                     a line arrives at 0.5 s of the wall's time
///           << 1 2 3                      several lines, no blanks in them
///           > [1,2]                       a record leaves
///           ! batch expr: TEXT (1,2)      a record made of lines 1 and 2 fails; with --dlq their texts too
///           + >FILE: TEXT                 a line for a side file
///           ? batch: TEXT                 a notice
///     2s                                  time passes
///     jump 9s                             it is 9 s at once
///           = lines 3: out 1 merged 2     the run's ledger, all that is not 0
///           = batch: in 3 made 1 ...      a stage's account
///           = state: held 2 blocked ...   what is held now, and what waits
///     end                                 the input is over: the run goes on until all is done
///     idle                                no input came for --idle-timeout
///     abandon                             the drain timeout has passed
///           . reading stops               nobody wants more
///           . end                         the output has ended, not by `end` at once
///
/// A time stands only where it differs from the one above; under --time `@2s` is the stream's clock as it
/// has come out at the end of the pipeline. U+240D stands for a carriage return.
std::string play(std::string_view written);

}  // namespace sz::stages_test
