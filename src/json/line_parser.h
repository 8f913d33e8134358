#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "json/fault.h"
#include "json/node.h"

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
  bool next(ParsedLine& line);
  /// Byte offset in the block where the next line begins.
  std::size_t position() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sz::json
