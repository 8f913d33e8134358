#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "json/bytes.h"
#include "json/fault.h"
#include "json/node.h"
#include "json/walk.h"

namespace sz::json {

/// One line of a block.
struct ParsedLine {
  std::string_view text;  ///< all bytes between the line ends, a CR included; a leading record separator (RFC
                          ///< 7464) dropped
  Node value;             ///< valid() if and only if the line holds one JSON value
  Fault fault;            ///< set if it holds anything else; neither is set for a blank line
  bool blank() const { return !value.valid() && !fault; }
};

/// Reads a block of NDJSON: one SIMD index over all of it (simdjson's stage 1, which also checks UTF-8 and
/// control characters), then one validating walk a line. When stage 1 refuses the block, its lines are
/// indexed one by one, so that one bad line costs one slow block and nothing else. Buffers are kept from
/// block to block: no allocation per record.
///
/// The Nodes of a block stay valid until the next open() or the end of the parser. Not thread-safe; one per
/// thread.
class LineParser {
 public:
  LineParser();
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  /// Starts on `size` bytes of whole lines, each ended by '\n'; what follows the last '\n' is not looked at.
  /// The bytes are lent until the next open(), and 64 more after them must be readable. size < 4 GiB.
  void open(const char* bytes, std::size_t size);
  /// The next line, blank ones included; false after the last one.
  bool next(ParsedLine& line) {
    line.fault = Fault();
    return next_usual(line.text, line.value) || next_other(line);
  }
  /// next() in two halves, for who wants the usual line in registers. The usual line is one array or object
  /// from its first byte to its last, a good one. False, and nothing is done, if the next line is anything
  /// else or there is none: then next_other().
  bool next_usual(std::string_view& text, Node& value);
  bool next_other(ParsedLine& line);

  /// Byte offset in the block where the next line begins.
  std::size_t position() const { return start_; }

 private:
  struct Memory;
  void find_backslash(const char* from);
  std::uint32_t skip_to(std::uint32_t end) const;
  void by_itself(ParsedLine& line, std::uint32_t from, std::uint32_t end);

  std::unique_ptr<Memory> memory_;
  const Slots* slots_ = nullptr;  // of the block's index, in memory_
  std::uint32_t* link_ = nullptr;
  const char* bytes_ = nullptr;
  const char* backslash_ = nullptr;  // none from the next line on is before it
  std::uint32_t size_ = 0;
  std::uint32_t start_ = 0;  // of the next line
  std::uint32_t slot_ = 0;   // the first one at or after start_
  bool whole_ = false;       // the index covers the block
  bool trusting_ = false;    // no walk in this block ran past its line yet
};

// The line is walked before its end is looked for, because the walk leads there.
inline bool LineParser::next_usual(std::string_view& text, Node& value) {
  if (!trusting_ || slots_->at[slot_] != start_) return false;
  const char* const begin = bytes_ + start_;
  if (*begin != '{' && *begin != '[') return false;
  const std::uint32_t after = walk(bytes_, slots_->at, link_, slot_);
  const char* const last = bytes_ + slots_->at[after - (after != 0)] + 1;
  if (after == 0 || (has_low_byte(begin, last) &&
                     std::memchr(begin, '\n', static_cast<std::size_t>(last - begin)) != nullptr)) {
    // The walk may have run through many lines. Never again in this block: its time must stay linear.
    trusting_ = false;
    return false;
  }
  const char* end = last;
  if (*end == '\r') ++end;
  if (*end != '\n') return false;
  if (backslash_ < last) {
    const auto stop = static_cast<std::uint32_t>(last - bytes_);
    if (!mark_escapes(bytes_, slots_->at, link_, slot_, start_, stop)) return false;
    find_backslash(last);
  }
  text = {begin, static_cast<std::size_t>(end - begin)};
  value = Node(*slots_, slot_);
  start_ = static_cast<std::uint32_t>(end - bytes_) + 1;
  slot_ = after;
  return true;
}

}  // namespace sz::json
