#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

namespace sz::expr {

/// Why a pattern or its flags cannot be used, and whether the flags are to blame.
struct RegexError {
  std::string reason;
  bool flags = false;
};

/// A regular expression as jq's functions take it, run by RE2: linear time on any input, at most 8 MiB of
/// automaton. `(?<name>...)` and `{,n}` are understood; lookaround and backreferences are errors. Belongs to
/// one thread, because its users do.
class Regex {
 public:
  /// Where a match or a group lies, in bytes; a group that took no part has no text.
  struct Span {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t begin = none, end = none;
    bool matched() const { return begin != none; }
    std::size_t size() const { return end - begin; }
  };

  /// Flags are jq's: g all matches, i ignore case, x extended (white space and comments count for nothing),
  /// s single line (always so here), n no empty matches, p `.` matches newlines too, l the longest match.
  static std::expected<Regex, RegexError> compile(std::string_view pattern, std::string_view flags);

  bool matches(std::string_view text) const;
  /// The first match at or behind `from`, which is a character's start: spans[0] is the match, spans[i] group
  /// i. `spans` keeps its size. False if there is none.
  bool find(std::string_view text, std::size_t from, std::vector<Span>& spans) const;
  /// Where to look for the match after `last`: behind it, and one character further if it was empty. May lie
  /// behind the end of `text`.
  static std::size_t next(std::string_view text, const Span& last);

  bool global() const { return global_; }
  /// Names of the groups, from 1 on; empty where a group has none.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::unique_ptr<re2::RE2> re_;
  std::vector<std::string> names_;
  mutable std::vector<re2::StringPiece> found_;
  bool not_empty_ = false;
  bool global_ = false;
};

}  // namespace sz::expr
