#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include <re2/re2.h>

namespace sz::expr {

/// A pattern for `test`, in RE2's syntax: linear time on any input. One thread at a time only because its
/// users are.
class Regex {
 public:
  /// The error is RE2's reason, or names the flag. Flags as jq's: g i x s n p l (g and l change nothing for a
  /// test).
  static std::expected<Regex, std::string> compile(std::string_view pattern, std::string_view flags);
  bool matches(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> re_;
  bool not_empty_ = false;
};

}  // namespace sz::expr
