#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger.h"
#include "core/time.h"

namespace sz::run {

/// The account of a run and of each of its stages, for --stats, --stats-file and SIGUSR1.
struct Statistics {
  struct StageAccount {
    std::string_view name;
    std::size_t index = 0;
    std::size_t depth = 0;   ///< in how many other stages it stands
    std::size_t branch = 0;  ///< of a branch of this stage that has a buffer: which, from 1
    Counts counts;
    std::uint64_t held = 0;
  };
  Ledger ledger;
  std::vector<StageAccount> stages;
  std::uint64_t records_out = 0;  ///< lines written to stdout
  std::uint64_t bytes_in = 0;
  Duration elapsed;

  /// Puts the stages in written order and adds up the copies of one stage.
  void order();
  /// Both sums of the ledger hold. Once the run has ended nothing may be held.
  bool balanced(bool ended) const;

  std::string text() const;        ///< a table for people
  std::string json() const;        ///< one line
  std::string prometheus() const;  ///< the text exposition format 0.0.4
};

}  // namespace sz::run
