#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "oracle.h"
#include "scenario.h"

namespace sz::simulate {

/// One way to run a scenario. What comes out must not depend on it.
struct Variant {
  int threads = 1;
  std::size_t reads = 0;     ///< no read gives more bytes; 0: all that is there
  bool all_at_once = false;  ///< all input is there from the start
  bool record_time = false;  ///< adds --time .t
};

/// What the product did.
struct Observed {
  Result result;
  std::optional<std::string> broken;  ///< the run could not be finished: what it said
  std::string notices;                ///< what came on stderr
  bool balanced = false;
  int signal = 0;
  bool output_closed = false, stopped = false;
  std::string error;
  std::uint64_t failed = 0;
  std::size_t input_errors = 0;
  std::size_t late = 0;  ///< what happened after the end was passed on
};

Observed observe(const Scenario& scenario, const Variant& variant);

}  // namespace sz::simulate
