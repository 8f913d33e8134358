#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

namespace sz::differential {

/// The written list of differences that are wanted, each with its reason. A line is
///
///     PEER REGEX  # reason
///
/// PEER is jq or gojq, jq-1.6 if only that release differs, with -alone if that holds only while the other
/// peer gives what we give (an error for an error); REGEX is searched in
/// `program  ⊢  document  ⇒  ours  ≠  theirs`.
class Known {
 public:
  static std::expected<Known, std::string> load(const std::string& file);
  /// Does a line excuse the difference? It is counted for that line, which keeps the first few.
  /// `version` is the peer's name with its release: jq-1.6.
  bool excuses(std::string_view peer, std::string_view version, bool alone, const std::string& difference);
  /// Lines that excused nothing, for long runs.
  std::vector<std::string> unused() const;
  /// How many times each line was used, most first, each followed by the first `examples` of what it excused.
  std::vector<std::string> used(std::size_t examples) const;

 private:
  static constexpr std::size_t kept = 100;

  struct Entry {
    std::string peer, pattern;
    bool alone = false;
    std::unique_ptr<re2::RE2> regex;
    std::size_t uses = 0;
    std::vector<std::string> first;
  };
  std::vector<Entry> entries_;
};

}  // namespace sz::differential
