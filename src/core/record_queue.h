#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "core/mark.h"
#include "core/packed_time.h"
#include "core/record.h"

namespace sz {

/// Records that wait in line, with their own copies of the bytes: what came first leaves first. The bytes lie
/// one behind the other in chunks that are freed in turn, so memory is in proportion to what is in it.
class RecordQueue {
 public:
  /// What each record counts with beside its bytes.
  static constexpr std::size_t overhead = 128;

  /// `originals`: the run needs the input lines of kept records (Run::keep_originals).
  explicit RecordQueue(bool originals = false) : originals_(originals) {}

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  /// Memory that the records take, in bytes; a little more is held for the chunks they do not fill.
  std::size_t bytes() const { return bytes_; }
  /// What `record` would add to bytes().
  std::size_t cost(const Record& record) const;

  /// Takes over the record's origin. `clock`: the stream's clock when it came.
  void put(Record& record, Mark clock);
  /// The stream's clock when the oldest one came. There is one.
  Mark first_clock() const { return {entries_.front().clock, entries_.front().settled}; }
  /// The oldest one, out of the queue; its bytes and its Line are lent until the next call.
  Record take(json::Document& spare);

 private:
  struct Entry {
    Origin origin;
    PackedTime at, clock, settled;
    Line line;
    std::string_view text;
    bool has_line = false;
  };
  static_assert(sizeof(Entry) <= overhead);
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0, used = 0;
    std::size_t records = 0;  // that are in the queue
  };

  bool keeps_original(const Record& record) const {
    return originals_ && record.line != nullptr && record.line->text != record.text();
  }
  char* room(std::size_t size);
  void free_taken();

  bool originals_;
  std::deque<Entry> entries_;
  std::deque<Chunk> chunks_;
  Chunk spare_chunk_;
  std::size_t bytes_ = 0;
  bool taken_ = false;  // the first record of the first chunk has left and is still lent
  Line lent_;
};

}  // namespace sz
