#include "run/lane.h"

#include <functional>
#include <utility>

#include "run/sink.h"

namespace sz::run {
namespace {

constexpr std::size_t kept_chunk = std::size_t{64} << 10;

}  // namespace

Lane::Lane(Chain chain, Feeder::Options options, bool event_time, bool rest, bool raw_output,
           std::unique_ptr<Tracer> tracer)
    : tracer_(std::move(tracer)),
      chain_(std::move(chain)),
      feeder_(run_, bind(), capture_, std::move(options)),
      rest_(rest),
      raw_output_(raw_output) {
  run_.event_time = event_time;
}

Out& Lane::bind() {
  chain_.bind(run_, exit_, capture_, tracer_.get());
  return chain_.head();
}

void Lane::process(Time now, const StreamClock& clock) {
  const Tracer::Clock::time_point begin = tracer_ ? Tracer::Clock::now() : Tracer::Clock::time_point();
  items_.clear();
  text_.clear();
  kept_used_ = 0;
  for (const auto& chunk : kept_) chunk->clear();
  records_ = 0;
  run_.now = now;
  run_.ledger = {};
  for (const auto& stage : chain_.stages()) stage->counts() = {};
  feeder_.set_clock(clock);
  knew_clock_ = clock.now() != Time::min();
  feeder_.open(block, 1);
  while (!feeder_.spent()) {
    run_.attention = false;
    const std::uint64_t blank = run_.ledger.blank;
    feeder_.feed(rest_ ? 1 : block.size + 1);
    if (!rest_ || run_.ledger.blank == blank) continue;
    Item& item = items_.emplace_back();
    item.kind = Item::Kind::blank;
    item.line = feeder_.line().number;
  }
  lines_ = feeder_.next_line() - 1;
  if (tracer_) tracer_->span("block", begin, "lines", lines_);
}

// A clock that is further on refuses less: if nothing was refused without one, only the first record can be.
bool Lane::fits(const StreamClock& clock) const {
  if (knew_clock_ || clock.now() == Time::min() || !feeder_.first_time()) return true;
  return !feeder_.refused() && StreamClock(clock).take(*feeder_.first_time());
}

StreamClock Lane::clock_after(const StreamClock& before) const {
  if (knew_clock_ || before.now() == Time::min()) return feeder_.clock();
  StreamClock after = before;
  if (feeder_.first_time()) after.go_on_to(feeder_.clock().now());
  return after;
}

void Lane::take(Record& record) {
  if (rest_) {
    Item& item = add(Item::Kind::record, record);
    item.text = keep(record.text());
    if (item.text.data() == record.text().data()) item.value = record.value();
    record.origin.settle(run_.ledger, Verdict::none);
    return;
  }
  text_ += printed(record, raw_output_, decoded_);
  text_ += '\n';
  ++records_;
  record.origin.settle(run_.ledger, Verdict::out);
}

void Lane::take(Record& record, Failure failure, const Stage* stage) {
  Item& item = add(Item::Kind::failure, record);
  item.text = keep(record.text());
  item.failure = std::move(failure);
  item.stage = stage != nullptr ? stage->name() : "input";
  item.index = stage != nullptr ? stage->index() : 0;
  record.origin.settle(run_.ledger, Verdict::failed);
}

Lane::Item& Lane::add(Item::Kind kind, Record& record) {
  Item& item = items_.emplace_back();
  item.kind = kind;
  item.line = record.line->number;
  item.offset = record.line->offset;
  item.bytes = record.line->bytes;
  item.original = record.line->text;
  item.at = record.at;
  item.clock = feeder_.clock().now();
  return item;
}

// Text within the block stays where it is as long as the lane does; other text is copied into chunks that
// never move.
std::string_view Lane::keep(std::string_view text) {
  const std::less_equal<const char*> not_after;
  if (text.empty() ||
      (not_after(block.bytes, text.data()) && not_after(text.data() + text.size(), block.bytes + block.size)))
    return text;
  while (kept_used_ < kept_.size() && !kept_[kept_used_]->empty() &&
         kept_[kept_used_]->size() + text.size() > kept_[kept_used_]->capacity())
    ++kept_used_;
  if (kept_used_ == kept_.size()) kept_.push_back(std::make_unique<std::string>());
  std::string& chunk = *kept_[kept_used_];
  if (chunk.empty()) chunk.reserve(std::max(text.size(), kept_chunk));
  const std::size_t at = chunk.size();
  chunk += text;
  return std::string_view(chunk).substr(at);
}

}  // namespace sz::run
