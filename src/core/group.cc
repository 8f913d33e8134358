#include "core/group.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "core/line_span.h"

namespace sz {

void Group::add(Record& record) {
  Member& member = members_.emplace_back();
  member.origin = std::move(record.origin);
  if (record.line == nullptr) return;
  member.has_line = true;
  member.line = *record.line;
  member.line.text = {};
  if (!originals_) return;
  member.text = texts_.size();
  member.text_size = record.line->text.size();
  texts_ += record.line->text;
}

// Several members may come of one line.
void Group::lines(std::vector<Line>& out) const {
  const auto own = static_cast<std::ptrdiff_t>(out.size());
  for (const Member& member : members_) {
    if (!member.has_line) {
      member.origin.lines(out);
      continue;
    }
    Line& line = out.emplace_back(member.line);
    line.text = std::string_view(texts_).substr(member.text, member.text_size);
  }
  std::set<std::tuple<bool, std::uint32_t, std::uint64_t>> seen;
  const auto repeated = [&seen](const Line& line) {
    return !seen.emplace(is_place_only(line), line.source, line.number).second;
  };
  out.erase(std::remove_if(out.begin() + own, out.end(), repeated), out.end());
}

std::uint64_t Group::summed() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) sum += member.origin.summed();
  return sum;
}

void Group::settled(Verdict v) {
  const Verdict others = v == Verdict::out ? Verdict::merged : v;
  for (std::size_t i = 0; i < members_.size(); ++i) members_[i].origin.settle(ledger_, i == 0 ? v : others);
}

}  // namespace sz
