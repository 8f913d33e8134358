#include "plant.h"

#include <algorithm>

namespace sz::simulate {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

void put(Observed& o, const std::vector<std::string>& lines) {
  o.result.output.clear();
  for (const std::string& line : lines) o.result.output += line;
}

bool lose_record(Observed& o) {
  auto lines = lines_of(o.result.output);
  if (lines.empty()) return false;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2));
  put(o, lines);
  return true;
}

bool double_record(Observed& o) {
  auto lines = lines_of(o.result.output);
  if (lines.empty()) return false;
  lines.push_back(lines.back());
  put(o, lines);
  return true;
}

bool swap_records(Observed& o) {
  auto lines = lines_of(o.result.output);
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (lines[i] != lines[i - 1]) {
      std::swap(lines[i], lines[i - 1]);
      put(o, lines);
      return true;
    }
  return false;
}

bool cut_batch_early(Observed& o) {
  std::string& text = o.result.output;
  const std::size_t at = text.find("},{");
  if (at == std::string::npos) return false;
  text.replace(at, 3, "}]\n[{");
  return true;
}

bool lose_letter(Observed& o) {
  if (o.result.letters.empty()) return false;
  o.result.letters.erase(o.result.letters.begin());
  return true;
}

bool double_letter(Observed& o) {
  if (o.result.letters.empty()) return false;
  ++o.result.letters.begin()->second;
  return true;
}

bool wrong_kind(Observed& o) {
  for (const auto& [letter, n] : o.result.letters)
    if (const std::size_t at = letter.find(" parse "); at != std::string::npos) {
      std::string other = letter;
      other.replace(at, 7, " expr ");
      const int count = n;
      o.result.letters.erase(letter);
      o.result.letters[other] = count;
      return true;
    }
  return false;
}

/// As a retry would that takes a half-failed attempt for a success: the sum still holds.
bool filtered_for_out(Observed& o) {
  auto& fates = o.result.fates;
  if (fates[static_cast<std::size_t>(Fate::filtered)] == 0) return false;
  --fates[static_cast<std::size_t>(Fate::filtered)];
  ++fates[static_cast<std::size_t>(Fate::out)];
  return true;
}

bool miscount_step(Observed& o) {
  for (Sums& sums : o.result.sums)
    if (sums.filtered != 0) {
      --sums.filtered;
      ++sums.dropped;
      return true;
    }
  return false;
}

bool lost_origin(Observed& o) { return o.balanced && !(o.balanced = false); }

bool lose_copy(Observed& o) {
  for (auto& [name, bytes] : o.result.files)
    if (!bytes.empty()) {
      bytes.pop_back();
      return true;
    }
  return false;
}

bool write_late(Observed& o) {
  if (o.result.written.empty()) return false;
  auto first = o.result.written.extract(o.result.written.begin());
  first.key() += millisecond;
  return o.result.written.insert(std::move(first)).inserted;
}

constexpr Plant all[] = {
    {"a record is lost", lose_record},           {"a record comes twice", double_record},
    {"two records change places", swap_records}, {"a batch is cut early", cut_batch_early},
    {"a letter is lost", lose_letter},           {"a letter comes twice", double_letter},
    {"a letter has another kind", wrong_kind},   {"a filtered line counts as out", filtered_for_out},
    {"a step miscounts", miscount_step},         {"an origin is lost", lost_origin},
    {"a tap loses a byte", lose_copy},           {"a write comes late", write_late}};

}  // namespace

std::span<const Plant> plants() { return all; }

}  // namespace sz::simulate
