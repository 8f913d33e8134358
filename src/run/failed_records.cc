#include "run/failed_records.h"

#include <algorithm>
#include <tuple>
#include <variant>

namespace sz::run {
namespace {

constexpr std::uint64_t enough_for_a_share = 1000;

std::uint64_t settled(const Ledger& ledger) { return ledger.lines - ledger.blank - ledger.held(); }

bool over(const Ledger& ledger, double share) {
  return static_cast<double>(ledger.count(Verdict::failed)) > share * static_cast<double>(settled(ledger));
}

}  // namespace

void FailedRecords::fail(Record& record, Failure failure, const Stage* stage) {
  lines_.clear();
  if (record.line != nullptr)
    lines_.push_back(*record.line);
  else
    record.origin.lines(lines_);
  LineSpan span;
  std::erase_if(lines_, [&](const Line& line) {
    if (is_place_only(line)) span.add(LinePlace{line.source, line.number});
    return is_place_only(line);
  });
  write(failure, stage != nullptr ? stage->name() : "input", stage != nullptr ? stage->index() : 0,
        record.text(), lines_, record.origin.summed(), span);
  record.origin.settle(run_.ledger, Verdict::failed);
  check();
}

void FailedRecords::write(const Failure& failure, std::string_view stage, std::size_t index,
                          std::string_view record, const std::vector<Line>& lines, std::uint64_t summed,
                          const LineSpan& span) {
  ++count_;
  Letter letter{.kind = failure.kind,
                .error = failure.error,
                .stage = stage,
                .index = index,
                .record = record,
                .source = {},
                .line = {},
                .attempts = failure.attempts,
                .cause = failure.cause,
                .group = lines.size() > 1 ? ++groups_ : 0,
                .at = run_.now,
                .tap = failure.tap,
                .exit = failure.exit,
                .signal = failure.signal,
                .stderr_tail = failure.stderr_tail};
  if (!lines.empty() && !stop_) last_line_ = lines.back();
  // A record that sums up lines which have settled already: it stands for itself.
  if (lines.empty()) {
    letter.count = summed;
    if (!span.empty()) {
      letter.line.source = span.first.source;
      letter.line.number = span.first.number;
      letter.last = {.source = span.last.source, .number = span.last.number, .text = {}};
      letter.source = sources_[span.first.source];
    }
    letters_.write(letter);
  }
  for (const Line& line : lines) {
    letter.line = line;
    letter.torn = line.cut;
    letter.source = sources_[line.source];
    letters_.write(letter);
    letter.first_of_group = false;
  }
  if (letters_.broken()) run_.attention = true;
}

void FailedRecords::check() {
  if (stop_) return;
  stop_ = options_.stop_at_first && count_ != 0;
  if (options_.most) {
    if (const auto* number = std::get_if<std::uint64_t>(&*options_.most))
      stop_ |= run_.ledger.count(Verdict::failed) > *number;
    else
      stop_ |=
          settled(run_.ledger) >= enough_for_a_share && over(run_.ledger, std::get<double>(*options_.most));
  }
  if (stop_) run_.attention = run_.stopping = true;
}

bool FailedRecords::came_later(const Record& record) const {
  const auto later = [this](const Line& line) {
    if (options_.at_once && line.source != last_line_.source) return false;
    return std::tie(line.source, line.number) > std::tie(last_line_.source, last_line_.number);
  };
  if (record.line != nullptr) return later(*record.line);
  std::vector<Line> lines;
  record.origin.lines(lines);
  std::erase_if(lines, is_place_only);  // known with --dlq alone, on which the output must not depend
  return !lines.empty() && std::ranges::all_of(lines, later);
}

// With a limit after each line: a line that was split settles when its last part does, wherever that is.
std::size_t FailedRecords::lines_until_check() const {
  return options_.most ? 1 : static_cast<std::size_t>(-1);
}

bool FailedRecords::share_passed_at_end() const {
  const double* share = options_.most ? std::get_if<double>(&*options_.most) : nullptr;
  return share != nullptr && over(run_.ledger, *share);
}

}  // namespace sz::run
