#pragma once

#include <string_view>

#include "core/line.h"
#include "core/origin.h"
#include "core/time.h"
#include "json/document.h"
#include "json/node.h"

namespace sz {

/// `text` without the white space that JSON allows around a value.
std::string_view trim(std::string_view text);

/// One JSON value on its way through the pipeline. It is lent to each stage for the length of a push: a stage
/// that keeps it copies its bytes (see Kept). Only the origin is handed over.
class Record {
 public:
  Record() = default;
  /// A record that was read: `text` is the line, `value` the value in it.
  Record(std::string_view text, const json::Node& value) : text_(text), value_(value) {}
  /// A record that a stage made: `text` is one valid JSON value without a line end, indexed in `spare` only
  /// if someone asks for the value.
  Record(std::string_view text, json::Document& spare) : text_(text), spare_(&spare) {}

  /// What is written when the record leaves: for one that no stage edited all bytes of its line, a CR
  /// included.
  std::string_view text() const { return text_; }
  /// The text of the value alone.
  std::string_view value_text() const { return value_.valid() ? value_.raw() : trim(text_); }
  /// The value to read from. Indexes the text at the first call where a stage made it.
  const json::Node& value() {
    if (!value_.valid()) value_ = spare_->parse_valid(text_);
    return value_;
  }

  Time at;                     ///< the stream's time of this record; under wall time, when it was fed
  const Line* line = nullptr;  ///< the input line it came of, lent; nullptr for one made of several
  Origin origin;

 private:
  std::string_view text_;
  json::Node value_;
  json::Document* spare_ = nullptr;
};

}  // namespace sz
