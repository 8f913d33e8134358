#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sz {

/// How a record, and through it an input line, ended. Of all that came of a line the strongest counts: the
/// order is the rank.
enum class Verdict : std::uint8_t { none, filtered, dropped, merged, out, failed };
inline constexpr std::size_t verdicts = 6;

/// The run's account: every input line that was fed has exactly one fate.
struct Ledger {
  std::uint64_t lines = 0;  ///< fed into the pipeline, blank ones included
  std::uint64_t blank = 0;
  std::array<std::uint64_t, verdicts> settled = {};  ///< lines by verdict
  std::uint64_t caught = 0;                          ///< failed records that a catch took; beside the sum

  std::uint64_t count(Verdict v) const { return settled[static_cast<std::size_t>(v)]; }
  /// A line whose records all ended without a trace (an array without elements) counts as filtered.
  void settle_line(Verdict v, std::uint64_t n = 1) {
    settled[static_cast<std::size_t>(v == Verdict::none ? Verdict::filtered : v)] += n;
  }
  /// Lines whose fate is not known yet.
  std::uint64_t held() const;
  bool balanced() const { return held() == 0; }
  Ledger& operator+=(const Ledger& other);
};

/// One stage's account, in records: in + made = out + filtered + merged + failed + dropped + held.
struct Counts {
  std::uint64_t in = 0;
  std::uint64_t made = 0;  ///< came into being here: the elements of an array beyond the first, a batch
  std::uint64_t out = 0, filtered = 0, merged = 0, failed = 0, dropped = 0;
  std::map<std::string, std::uint64_t, std::less<>> reasons;  ///< of those dropped
  std::uint64_t evicted = 0;  ///< keys forgotten or let go early because of --max-keys

  bool balanced(std::uint64_t held) const {
    return in + made == out + filtered + merged + failed + dropped + held;
  }
  Counts& operator+=(const Counts& other);
};

}  // namespace sz
