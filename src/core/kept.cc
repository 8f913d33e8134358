#include "core/kept.h"

#include <utility>

namespace sz {

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

Kept::Kept(Record& record, bool originals)
    : text_(record.text()), at_(record.at), origin_(std::move(record.origin)) {
  if (record.line == nullptr) return;
  has_line_ = true;
  line_ = *record.line;
  same_ = originals && line_.text == text_;
  if (originals && !same_) original_ = line_.text;
  line_.text = {};
}

Record Kept::lend(json::Document& spare) {
  Record record(text_, spare);
  record.at = at_;
  if (has_line_) {
    line_.text = same_ ? std::string_view(text_) : std::string_view(original_);
    record.line = &line_;
  }
  return record;
}

Record Kept::release(json::Document& spare) {
  Record record = lend(spare);
  record.origin = std::move(origin_);
  return record;
}

Record Kept::split(Ledger& ledger, json::Document& spare) {
  Record record = lend(spare);
  record.origin = origin_.split(ledger);
  return record;
}

}  // namespace sz
