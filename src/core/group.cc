#include "core/group.h"

#include <utility>

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

void Group::lines(std::vector<Line>& out) const {
  for (const Member& member : members_) {
    if (!member.has_line) {
      member.origin.lines(out);
      continue;
    }
    Line& line = out.emplace_back(member.line);
    line.text = std::string_view(texts_).substr(member.text, member.text_size);
  }
}

void Group::settled(Verdict v) {
  const Verdict others = v == Verdict::out ? Verdict::merged : v;
  for (std::size_t i = 0; i < members_.size(); ++i) members_[i].origin.settle(ledger_, i == 0 ? v : others);
}

}  // namespace sz
