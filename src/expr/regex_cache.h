#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "expr/regex.h"

namespace sz::expr {

/// The regular expressions that one program met at run time, the least recently used forgotten first, so that
/// patterns from data cannot fill the memory. Patterns that cannot be used are remembered too.
class RegexCache {
 public:
  static constexpr std::size_t most = 16;
  using Compiled = std::expected<Regex, RegexError>;

  /// Valid until the next call.
  const Compiled& find(std::string_view pattern, std::string_view flags);

 private:
  struct Entry {
    std::string pattern, flags;
    Compiled compiled;
    std::uint64_t used;
  };
  std::vector<Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace sz::expr
