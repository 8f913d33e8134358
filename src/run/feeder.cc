#include "run/feeder.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "json/utf8.h"
#include "json/write.h"

namespace sz::run {

Feeder::Feeder(Run& run, Out& head, Failures& failures, Options options)
    : run_(run), head_(head), failures_(failures), options_(std::move(options)), clock_(options_.max_ahead) {}

void Feeder::open(const Block& block, std::uint64_t first_line) {
  block_ = &block;
  spent_ = false;
  special_ = block.too_long != 0 || block.torn;
  position_ = 0;
  line_.source = block.source;
  line_.number = first_line - 1;
  line_.cut = false;
  if (special_) return;
  if (options_.raw_input)
    all_utf8_ = json::is_utf8({block.bytes, block.size});
  else
    parser_.open(block.bytes, block.size);
}

void Feeder::feed(std::size_t most) {
  if (spent_ || run_.blocked != 0 || run_.attention) return;
  if (special_)
    feed_special();
  else if (options_.raw_input)
    feed_raw_lines(most);
  else
    feed_lines(most);
}

void Feeder::feed_special() {
  spent_ = true;
  const std::string_view text(block_->bytes, block_->size);
  begin_line(text);
  line_.offset = block_->offset;
  line_.bytes = block_->too_long != 0 ? block_->too_long : block_->size;
  line_.cut = block_->torn;
  if (block_->torn)
    fail_line(text, FailureKind::shutdown, "the input was cut short in the middle of this line");
  else
    fail_line(text, FailureKind::too_long,
              fmt::format("the line has {} bytes, more than --max-line", line_.bytes));
}

void Feeder::feed_lines(std::size_t most) {
  for (; most != 0 && run_.blocked == 0 && !run_.attention; --most) {
    std::string_view text;
    json::Node value;
    if (parser_.next_usual(text, value)) {
      begin_line(text);
      Record record(text, value);
      push(record);
      continue;
    }
    json::ParsedLine line;
    if (!parser_.next_other(line)) {
      spent_ = true;
      return;
    }
    feed_other(line);
  }
}

void Feeder::feed_other(const json::ParsedLine& line) {
  begin_line(line.text);
  if (line.value.valid()) {
    Record record(line.text, line.value);
    return push(record);
  }
  if (line.blank()) {
    ++run_.ledger.blank;
    return;
  }
  fail_line(line.text,
            line.fault.code == json::FaultCode::too_deep ? FailureKind::too_deep : FailureKind::parse,
            fmt::format("{} at byte {}", json::phrase(line.fault.code), line.fault.offset + 1));
}

void Feeder::feed_raw_lines(std::size_t most) {
  for (; most != 0 && run_.blocked == 0 && !run_.attention; --most) {
    if (position_ == block_->size) {
      spent_ = true;
      return;
    }
    const char* const begin = block_->bytes + position_;
    const char* const end = static_cast<const char*>(std::memchr(begin, '\n', block_->size - position_));
    position_ = static_cast<std::size_t>(end + 1 - block_->bytes);
    feed_raw({begin, end});
  }
}

void Feeder::feed_raw(std::string_view text) {
  begin_line(text);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (!all_utf8_ && !json::is_utf8(text)) return fail_line(line_.text, FailureKind::parse, "invalid UTF-8");
  quoted_.clear();
  json::append_utf8_string(quoted_, text);
  Record record(quoted_, quoted_value_);
  push(record);
}

/// `text` is in the block.
void Feeder::begin_line(std::string_view text) {
  ++run_.ledger.lines;
  ++line_.number;
  line_.text = text;
  line_.bytes = text.size();
  line_.offset = block_->offset + static_cast<std::uint64_t>(text.data() - block_->bytes);
}

void Feeder::push(Record& record) {
  record.line = &line_;
  record.origin = Origin::whole_line();
  record.at = run_.now;
  if (options_.time && !find_time(record)) return;
  head_.push(record);
}

bool Feeder::find_time(Record& record) {
  auto value = options_.time->value(record.value(), run_.now, record.line);
  if (!value) return fail(record, FailureKind::time, std::move(value.error())), false;
  std::optional<Time> at;
  std::string text;
  if (value->is_string()) {
    at = parse_rfc3339(value->text(text));
  } else if (value->is_number()) {
    const std::string_view written = value->number_text();
    if (written.empty()) value->append_json(text);
    at = parse_epoch(written.empty() ? std::string_view(text) : written);
  }
  if (!at) {
    text.clear();
    value->append_json(text);
    return fail(record, FailureKind::time, "no RFC 3339 text or epoch number: " + text), false;
  }
  record.at = *at;
  return move_clock(record);
}

bool Feeder::move_clock(Record& record) {
  const Time before = clock_.now();
  if (!first_time_) first_time_ = record.at;
  if (!clock_.take(record.at)) {
    refused_ = true;
    fail(record, FailureKind::time, "more than --max-ahead beyond the clock: " + to_rfc3339(record.at));
    return false;
  }
  if (clock_.now() == before) return true;
  if ((options_.keep_jumps || run_.events) && (before == Time::min() || record.at > before + far_jump)) {
    const ClockJump jump{before, record.at, line_.number};
    if (options_.keep_jumps)
      jumps_.push_back(jump);
    else if (before != Time::min())
      tell(run_, jump);
  }
  head_.advance(clock_.now());
  return true;
}

void Feeder::set_clock(const StreamClock& clock) {
  clock_ = clock;
  first_time_.reset();
  refused_ = false;
  jumps_.clear();
}

void Feeder::tell(Run& run, const ClockJump& jump) {
  run.event({.kind = "clock_jump",
             .clock = jump.from,
             .fields = {{"from", jump.from}, {"to", jump.to}, {"line", jump.line}}});
}

void Feeder::abandon() {
  const auto shut = [this](std::string_view text) {
    fail_line(text, FailureKind::shutdown, "the run ended before it was read");
  };
  if (spent_) return;
  if (special_) return feed_special();
  // What is left is cut by line ends alone: nothing is parsed any more.
  std::size_t at = options_.raw_input ? position_ : parser_.position();
  while (at < block_->size) {
    const char* const begin = block_->bytes + at;
    const char* const end = static_cast<const char*>(std::memchr(begin, '\n', block_->size - at));
    const std::string_view text(begin, end);
    begin_line(text);
    at = static_cast<std::size_t>(end + 1 - block_->bytes);
    if (!options_.raw_input && trim(text).empty())
      ++run_.ledger.blank;
    else
      shut(text);
  }
  spent_ = true;
}

void Feeder::fail(Record& record, FailureKind kind, std::string error) {
  failures_.fail(record, {kind, std::move(error)}, nullptr);
}

// Such a line never was a record: it has an origin to settle, and no value.
void Feeder::fail_line(std::string_view text, FailureKind kind, std::string error) {
  line_.text = text;
  Record record(std::string_view(), quoted_value_);
  record.line = &line_;
  record.origin = Origin::whole_line();
  record.at = run_.now;
  fail(record, kind, std::move(error));
}

}  // namespace sz::run
