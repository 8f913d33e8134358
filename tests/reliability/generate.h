#pragma once

#include "random.h"
#include "scenario.h"

namespace sz::simulate {

/// The run that belongs to a seed.
Scenario generate(std::uint64_t seed);

/// Its steps.
std::vector<Step> generate_steps(Random& random, bool live, bool event_time);
/// Its inputs; reads what the scenario says about lines and time.
std::vector<InputFile> generate_inputs(Random& random, const Scenario& scenario, bool large);

}  // namespace sz::simulate
