#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/side_file.h"
#include "json/line_parser.h"
#include "run/descriptor.h"

namespace sz::run {

/// What is read of a letter. The texts are decoded; nodes are valid until the next letter.
struct ReadLetter {
  std::string ts, run, source, stage, kind;
  std::uint64_t line = 0;  ///< 0 if it has none
  std::uint64_t index = 0;
  std::uint64_t group = 0;
  bool truncated = false;
  std::optional<json::Node> original, original_b64, record, record_b64;
};

/// Reads a dead-letter file up to the size it had when it was opened. Lines that are no letter, torn ones
/// above all, are counted and passed over. Memory: the longest line and a block.
class LetterReader {
 public:
  /// "-" is standard input, read to its end.
  static std::expected<LetterReader, SystemError> open(const std::string& path);

  /// False at the end or when reading failed: see fault().
  bool next(ReadLetter& letter);
  const std::optional<SystemError>& fault() const { return fault_; }
  std::uint64_t torn() const { return torn_; }  ///< lines that are not JSON
  std::uint64_t foreign() const {
    return foreign_;
  }  ///< lines that are JSON but no letter of a known version

 private:
  LetterReader() = default;
  bool fill();

  std::string path_;
  Descriptor own_;
  int fd_ = -1;
  std::uint64_t left_ = 0;    ///< of the size at the start
  std::vector<char> buffer_;  ///< lines of the block, then the beginning of a line
  std::size_t block_ = 0;     ///< size of the block
  std::size_t filled_ = 0;
  bool over_ = false;
  json::LineParser parser_;
  std::optional<SystemError> fault_;
  std::uint64_t torn_ = 0;
  std::uint64_t foreign_ = 0;
};

}  // namespace sz::run
