#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "model.h"
#include "scenario.h"

namespace sz::simulate {

/// What a run must give, or did give.
struct Result {
  std::string output;
  std::map<Ns, std::size_t> written;   ///< how much of it by when
  std::map<std::string, int> letters;  ///< described by describe_letter(), how often
  std::uint64_t lines = 0, blank = 0;
  std::array<std::uint64_t, 6> fates{};  ///< lines by Fate
  std::vector<Sums> sums;                ///< by step
  std::map<std::string, std::string> files;
};

/// The oracle's answer, from SPEC alone, with whole lists in memory.
struct Expectation {
  Result result;
  bool uncertain = false;  ///< SPEC leaves the bytes open
  /// The signal fell where input was held back: how much was read by then depends on the reads.
  bool reading_open = false;
  /// Nobody wanted more while records were held: SPEC leaves open in which step they end, and so whether they
  /// fail in one on the way.
  bool discard_open = false;
  Ns last = 0;  ///< when the last thing happened
};
Expectation expect(const Scenario& scenario);

/// One dead letter as text. `record` as it reached the stage; `original` empty if it is not kept or not
/// compared.
std::string describe_letter(std::string_view source, std::uint64_t line, std::size_t index,
                            std::string_view kind, std::string_view record, std::string_view original);

}  // namespace sz::simulate
