#include "differential/known.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

namespace sz::differential {

std::expected<Known, std::string> Known::load(const std::string& file) {
  std::ifstream in(file);
  if (!in) return std::unexpected(fmt::format("cannot read {}", file));
  Known out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t blank = line.find(' '), reason = line.find("  # ");
    if (blank == std::string::npos || reason == std::string::npos || reason < blank)
      return std::unexpected(fmt::format("{}:{}: want PEER REGEX  # reason", file, number));
    Entry e;
    e.peer = line.substr(0, blank);
    if (e.peer.ends_with("-alone")) {
      e.alone = true;
      e.peer.resize(e.peer.size() - 6);
    }
    e.pattern = line.substr(blank + 1, reason - blank - 1);
    e.regex = std::make_unique<re2::RE2>(e.pattern, re2::RE2::Quiet);
    if (!e.regex->ok()) return std::unexpected(fmt::format("{}:{}: {}", file, number, e.regex->error()));
    out.entries_.push_back(std::move(e));
  }
  return out;
}

bool Known::excuses(std::string_view peer, std::string_view version, bool alone,
                    const std::string& difference) {
  for (Entry& e : entries_) {
    if ((e.peer != peer && e.peer != version) || (e.alone && !alone) ||
        !re2::RE2::PartialMatch(difference, *e.regex))
      continue;
    ++e.uses;
    if (e.first.size() < kept) e.first.push_back(difference);
    return true;
  }
  return false;
}

std::vector<std::string> Known::unused() const {
  std::vector<std::string> out;
  for (const Entry& e : entries_)
    if (e.uses == 0) out.push_back(fmt::format("{} {}", e.peer, e.pattern));
  return out;
}

std::vector<std::string> Known::used(std::size_t examples) const {
  std::vector<const Entry*> sorted;
  for (const Entry& e : entries_)
    if (e.uses > 0) sorted.push_back(&e);
  std::ranges::stable_sort(sorted, std::ranges::greater(), [](const Entry* e) { return e->uses; });
  std::vector<std::string> out;
  for (const Entry* e : sorted) {
    out.push_back(fmt::format("{:7} {} {}", e->uses, e->peer, e->pattern));
    for (std::size_t i = 0; i < std::min(examples, e->first.size()); ++i)
      out.push_back(fmt::format("        {}", e->first[i]));
  }
  return out;
}

}  // namespace sz::differential
