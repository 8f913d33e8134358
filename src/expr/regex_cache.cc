#include "expr/regex_cache.h"

#include <algorithm>

namespace sz::expr {

const RegexCache::Compiled& RegexCache::find(std::string_view pattern, std::string_view flags) {
  ++uses_;
  for (Entry& e : entries_) {
    if (e.pattern != pattern || e.flags != flags) continue;
    e.used = uses_;
    return e.compiled;
  }
  Entry made{std::string(pattern), std::string(flags), Regex::compile(pattern, flags), uses_};
  if (entries_.size() < most) return entries_.emplace_back(std::move(made)).compiled;
  Entry& oldest = *std::ranges::min_element(entries_, {}, &Entry::used);
  oldest = std::move(made);
  return oldest.compiled;
}

}  // namespace sz::expr
