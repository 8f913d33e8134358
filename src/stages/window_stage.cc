#include "stages/window_stage.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/group.h"
#include "core/merged.h"

namespace sz::window {

std::optional<std::string_view> WindowStage::admit(Record& record) {
  enter();
  const auto key =
      options_.by.keyed() ? options_.by(record.value(), clock(), record.line) : std::string_view();
  if (!key) {
    fail(record, FailureKind::expr, key.error());
    return std::nullopt;
  }
  if (auto read = options_.aggregates.read(record, clock()); !read) {
    fail(record, read.error().kind, std::move(read.error().error));
    return std::nullopt;
  }
  if (arrivals_++ == 0 && run().keep_originals && !options_.records) options_.aggregates.note_lines();
  return *key;
}

LineSpan WindowStage::lines_of(const Record& record) {
  LineSpan span;
  if (record.line != nullptr) {
    span.add(LinePlace{record.line->source, record.line->number});
    return span;
  }
  lines_.clear();
  record.origin.lines(lines_);
  for (const Line& line : lines_) span.add(LinePlace{line.source, line.number});
  return span;
}

bool WindowStage::full(std::size_t keys, Record& record) {
  if (options_.max_keys == 0 || keys < options_.max_keys) return false;
  fail(record, FailureKind::full, fmt::format("a key more than --max-keys {}", options_.max_keys));
  return true;
}

bool WindowStage::fail_late(Record& record, Time end) {
  if (events() && record.line != nullptr)
    event("late", {{"end", end}, {"line", record.line->number}});
  else if (events())
    event("late", {{"end", end}});
  switch (options_.late) {
    case Late::drop:
      drop(record, "late");
      return false;
    case Late::emit:
      return true;
    case Late::fail:
      break;
  }
  fail(record, FailureKind::late, fmt::format("its window ended at {} and is closed", to_rfc3339(end)));
  return false;
}

void WindowStage::settle_in(Record& record, Members* members) {
  if (members != nullptr) {
    ++held_;
    members->push_back({arrivals_, Kept(record, run().keep_originals)});
    return;
  }
  ++counts().merged;
  record.origin.settle(run().ledger, Verdict::merged);
}

void WindowStage::begin(const Frame& frame) {
  text_ = '{';
  if (options_.envelope || frame.start != never)
    fmt::format_to(std::back_inserter(text_), R"("start":"{}","end":"{}",)", to_rfc3339(frame.start),
                   to_rfc3339(frame.end));
  if (options_.by.keyed()) fmt::format_to(std::back_inserter(text_), R"("key":{},)", frame.key);
  if (options_.envelope)
    fmt::format_to(std::back_inserter(text_), R"("count":{},"closed_by":"{}",)", frame.records,
                   frame.closed_by);
  text_.pop_back();
}

void WindowStage::pass_on(const Frame& frame, Origin origin) {
  if (events() && !options_.running) {
    if (options_.by.keyed())
      event("group_closed",
            {{"reason", frame.closed_by}, {"count", frame.records}, {"key", JsonText{frame.key}}});
    else
      event("group_closed", {{"reason", frame.closed_by}, {"count", frame.records}});
  }
  text_ += '}';
  ++counts().made;
  Record record(text_, spare_);
  record.at = frame.at;
  record.origin = std::move(origin);
  emit(record);
}

void WindowStage::emit_result(const Frame& frame, aggregate::States& states) {
  begin(frame);
  options_.aggregates.append(text_, states, frame.length);
  if (text_.starts_with(',')) text_.front() = '{';
  pass_on(frame, Merged::origin(frame.records, options_.aggregates.lines(states)));
}

void WindowStage::emit_records(const Frame& frame, Members& members) {
  std::ranges::sort(members, {}, &Member::number);
  auto group = std::make_unique<Group>(run().ledger, run().keep_originals, members.size());
  begin(frame);
  text_ += R"(,"records":[)";
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != 0) text_ += ',';
    Record record = members[i].record.release(spare_);
    text_ += record.value_text();
    group->add(record);
  }
  text_ += ']';
  counts().merged += members.size();
  held_ -= members.size();
  members.clear();
  pass_on(frame, Origin::of(group.release()));
}

void WindowStage::emit_shared(const Frame& frame, std::vector<Member*>& members) {
  std::ranges::sort(members, {}, &Member::number);
  auto group = std::make_unique<Group>(run().ledger, run().keep_originals, members.size());
  begin(frame);
  text_ += R"(,"records":[)";
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != 0) text_ += ',';
    Record record = members[i]->record.split(run().ledger, spare_);
    text_ += record.value_text();
    group->add(record);
  }
  text_ += ']';
  pass_on(frame, Origin::of(group.release()));
}

void WindowStage::emit_empty(const Frame& frame) {
  if (!options_.records) {
    aggregate::States states = options_.aggregates.make();
    return emit_result(frame, states);
  }
  begin(frame);
  text_ += R"(,"records":[])";
  pass_on(frame, Merged::origin(frame.records, LineSpan()));
}

void WindowStage::end_members(Members& members) {
  for (Member& member : members) {
    Record record = member.record.release(spare_);
    record.origin.settle(run().ledger, Verdict::none);
  }
  counts().merged += members.size();
  held_ -= members.size();
  members.clear();
}

void WindowStage::give_up(Members& members) {
  for (Member& member : members) {
    Record record = member.record.release(spare_);
    Stage::give_up(record);
  }
  held_ -= members.size();
  members.clear();
}

}  // namespace sz::window
