#include "core/nearest.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace sz {
namespace {

constexpr std::size_t longest = 64;  // longer words are nobody's typing error

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> words) {
  if (word.empty() || word.size() > longest) return {};
  std::string_view best, longer;
  std::size_t least = static_cast<std::size_t>(-1), begun = 0;
  for (const std::string_view candidate : words) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least && distance * 3 <= std::max(word.size(), candidate.size())) {
      least = distance;
      best = candidate;
    }
    if (word.size() >= 3 && candidate.starts_with(word)) {
      ++begun;
      longer = candidate;
    }
  }
  return best.empty() && begun == 1 ? longer : best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> words) {
  const std::string_view meant = nearest(word, words);
  return meant.empty() ? std::string() : fmt::format("did you mean \"{}\"?", meant);
}

}  // namespace sz
