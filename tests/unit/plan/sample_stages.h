#pragma once

#include "plan/registry.h"

namespace sz::plan {

/// Declarations in every shape that the grammar knows, independent of the real stages: `filter map flatten
/// take batch dedupe throttle tap` much as they are, and the routing and prefix shapes `switch split fanout
/// catch retry`, `window` with words without end.
Declarations sample_stages();

}  // namespace sz::plan
