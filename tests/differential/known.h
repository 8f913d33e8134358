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
/// PEER is jq or gojq, or jq-alone or gojq-alone if that holds only while the other one agrees with us; REGEX
/// is searched in `program  ⊢  document  ⇒  ours  ≠  theirs`.
class Known {
 public:
  static std::expected<Known, std::string> load(const std::string& file);
  /// Does a line excuse the difference? It is counted for that line.
  bool excuses(std::string_view peer, bool alone, const std::string& difference);
  /// Lines that excused nothing, for long runs.
  std::vector<std::string> unused() const;
  /// How many times each line was used, most first.
  std::vector<std::string> used() const;

 private:
  struct Entry {
    std::string peer, pattern;
    bool alone = false;
    std::unique_ptr<re2::RE2> regex;
    std::size_t uses = 0;
  };
  std::vector<Entry> entries_;
};

}  // namespace sz::differential
