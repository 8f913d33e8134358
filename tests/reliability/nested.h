#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sz::simulate {

/// Random nested pipelines (prefixes and routing over stages that answer each record by itself, some of them
/// from outside, some answers bad), run in whole and compared with a recursive oracle that knows no time:
/// what leaves and in which order, which lines fail at which stage, the run's ledger. Then again with other
/// reads, threads and answer times, with windows behind it all (in some, branches hold records for the
/// stream's time), and cut short by a signal. What is wrong with a seed, or nothing; `shown` takes its
/// command line.
std::optional<std::string> check_nested(std::uint64_t seed, std::string& shown);

}  // namespace sz::simulate
