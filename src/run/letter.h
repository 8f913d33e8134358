#pragma once

#include <cstdint>
#include <string>

#include "json/document.h"
#include "run/dead_letters.h"

namespace sz::run {

/// Letters as JSON lines (SPEC 5). One writer a run: it numbers them, so that `id` is unique in all runs.
///
/// `original` is the line as a JSON string, `original_b64` if it is not UTF-8. `record` is the record itself
/// as a JSON value, byte for byte, left out when it is the original; `record_b64` if it cannot stand inside a
/// letter (nested as deep as JSON may be). `lines` is [first,last].
class LetterWriter {
 public:
  explicit LetterWriter(std::string run_id) : run_id_(std::move(run_id)) {}
  /// Appends one line with its '\n'.
  void append(std::string& out, const Letter& letter);

 private:
  bool record_fits(std::string_view record);

  std::string run_id_;
  std::uint64_t sequence_ = 0;
  json::Document check_;
  std::string nested_;
};

}  // namespace sz::run
