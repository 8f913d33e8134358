#include "core/tally.h"

#include <algorithm>
#include <functional>

namespace sz {

void Tally::add(std::string_view text, std::string_view shown, std::uint64_t number) {
  const auto known = entries_.find(text);
  if (known != entries_.end()) {
    ++known->second.count;
    return;
  }
  entries_.emplace(std::string(text),
                   Entry{.count = 1, .first = number, .shown = std::string(shown == text ? "" : shown)});
}

void Tally::merge(const Tally& other) {
  for (const auto& [text, theirs] : other.entries_) {
    const auto [at, fresh] = entries_.try_emplace(text, theirs);
    if (fresh) continue;
    Entry& mine = at->second;
    mine.count += theirs.count;
    if (theirs.first > mine.first) continue;  // also where mine is not known: it came earlier
    mine.first = theirs.first;
    mine.shown = theirs.shown;
  }
}

void Tally::remove(const Tally& other) {
  for (const auto& [text, theirs] : other.entries_) {
    const auto at = entries_.find(text);
    at->second.count -= theirs.count;
    if (at->second.count == 0) {
      entries_.erase(at);
    } else if (at->second.first == theirs.first) {
      at->second.first = unknown;
      unsettled_ = true;
    }
  }
}

void Tally::settle_first(const std::vector<const Tally*>& portions) {
  unsettled_ = false;
  for (auto& [text, entry] : entries_) {
    if (entry.first != unknown) continue;
    for (const Tally* portion : portions) {
      const auto at = portion->entries_.find(text);
      if (at == portion->entries_.end()) continue;
      if (entry.first != unknown && entry.first < at->second.first) continue;
      entry.first = at->second.first;
      entry.shown = at->second.shown;
    }
  }
}

std::vector<Tally::Ranked> Tally::top(std::size_t most) const {
  using Element = decltype(entries_)::value_type;
  std::vector<const Element*> ranked;
  ranked.reserve(entries_.size());
  for (const Element& element : entries_) ranked.push_back(&element);
  const std::size_t n = std::min(most, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(n), ranked.end(),
                    [](const Element* a, const Element* b) {
                      return a->second.count != b->second.count ? a->second.count > b->second.count
                                                                : a->second.first < b->second.first;
                    });
  std::vector<Ranked> top;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& [text, entry] = *ranked[i];
    top.push_back(
        {entry.shown.empty() ? std::string_view(text) : std::string_view(entry.shown), entry.count});
  }
  return top;
}

}  // namespace sz
