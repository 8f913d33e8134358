#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sz {

class Arguments;
struct Settings;

/// What `sz explain` says of one step as its arguments have it: phrases, lower case, no full stop. A text
/// that a stage leaves empty has the meaning said beside it.
struct Explanation {
  /// What stands in one bracket, or behind a prefix: does it keep records for the outside, for the stream?
  struct Inside {
    bool paces = false, gathers = false;
  };
  std::vector<Inside> inside = {};  ///< given

  enum class Clock : std::uint8_t { none, stream, wall, both };

  std::string order = {};                ///< kept
  std::string memory = {};               ///< nothing is kept from one record to the next
  std::string latency = {};              ///< a record leaves at once
  Clock clock = Clock::none;             ///< the clocks that it asks
  std::string end = {};                  ///< nothing to do
  std::string failures = {};             ///< the kinds of its own, none
  std::vector<std::string> varies = {};  ///< by what two runs may differ here
  bool branches = false;                 ///< failures of what is inside are its business too
};

/// `at most 1000000 keys (--max-keys)`, of the stage or of sz.
std::string keys_bound(const Arguments& arguments, const Settings& settings);

/// `1m30s` of an option that is a duration.
std::string duration_text(const Arguments& arguments, std::string_view option);

/// Order, latency, end and memory of a stage whose branches flow together again (Joining).
void explain_joining(Explanation& of);

}  // namespace sz
