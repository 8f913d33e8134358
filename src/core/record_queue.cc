#include "core/record_queue.h"

#include <cstring>
#include <utility>

namespace sz {
namespace {

constexpr std::size_t chunk_size = std::size_t{64} << 10;
/// A larger record has a chunk to itself, so that little is lost at the ends of the others.
constexpr std::size_t large = chunk_size / 8;

}  // namespace

std::size_t RecordQueue::cost(const Record& record) const {
  return overhead + record.text().size() + (keeps_original(record) ? record.line->text.size() : 0);
}

char* RecordQueue::room(std::size_t size) {
  const auto fits = [size](const Chunk& chunk) { return chunk.size - chunk.used >= size; };
  if (chunks_.empty() || !fits(chunks_.back())) {
    if (size <= large && spare_chunk_.size != 0) {
      chunks_.push_back(std::exchange(spare_chunk_, {}));
    } else {
      const std::size_t made = size > large ? size : chunk_size;
      chunks_.push_back({.bytes = std::make_unique_for_overwrite<char[]>(made), .size = made});
    }
  }
  Chunk& chunk = chunks_.back();
  char* const at = chunk.bytes.get() + chunk.used;
  chunk.used += size;
  ++chunk.records;
  return at;
}

void RecordQueue::put(Record& record, Mark clock) {
  const std::size_t added = cost(record);
  const std::string_view text = record.text();
  char* const at = room(added - overhead);
  std::memcpy(at, text.data(), text.size());
  Entry& entry = entries_.emplace_back();
  entry.text = {at, text.size()};
  entry.at = record.at;
  entry.clock = clock.clock;
  entry.settled = clock.settled;
  if (record.line != nullptr) {
    entry.has_line = true;
    entry.line = *record.line;
    const std::string_view original = record.line->text;
    if (keeps_original(record)) {
      std::memcpy(at + text.size(), original.data(), original.size());
      entry.line.text = {at + text.size(), original.size()};
    } else {
      entry.line.text = originals_ ? entry.text : std::string_view();
    }
  }
  entry.origin = std::move(record.origin);
  bytes_ += added;
}

void RecordQueue::free_taken() {
  if (!std::exchange(taken_, false)) return;
  Chunk& first = chunks_.front();
  if (--first.records != 0) return;
  if (chunks_.size() == 1 && first.size == chunk_size) {
    first.used = 0;
    return;
  }
  if (first.size == chunk_size && spare_chunk_.size == 0) {
    first.used = 0;
    spare_chunk_ = std::move(first);
  }
  chunks_.pop_front();
}

Record RecordQueue::take(json::Document& spare) {
  free_taken();
  Entry& entry = entries_.front();
  Record record(entry.text, spare);
  record.at = entry.at;
  record.origin = std::move(entry.origin);
  std::size_t size = entry.text.size();
  if (entry.has_line) {
    lent_ = entry.line;
    record.line = &lent_;
    if (lent_.text.data() != entry.text.data()) size += lent_.text.size();
  }
  entries_.pop_front();
  bytes_ -= overhead + size;
  taken_ = true;
  return record;
}

}  // namespace sz
