#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "observe.h"
#include "oracle.h"
#include "scenario.h"

namespace sz::simulate {

/// What was compared, so that nobody mistakes an idle check for a good one.
struct Tally {
  std::uint64_t seeds = 0, runs = 0, whole = 0, parts = 0, reads = 0, threads = 0, arrivals = 0, live = 0;
};

/// Runs a scenario in all the ways there are and compares. What is wrong, or nothing.
std::optional<std::string> check(const Scenario& scenario, Tally& tally);

/// The first difference between what a run should give and what it gave. `whole`: everything could be
/// compared.
std::optional<std::string> compare_with_oracle(const Scenario& scenario, const Expectation& expected,
                                               const Observed& observed, bool& whole);

/// The first difference, or nothing.
std::optional<std::string> difference(const Result& wanted, const Result& got, bool times);

}  // namespace sz::simulate
