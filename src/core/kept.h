#pragma once

#include <string>

#include "core/record.h"

namespace sz {

/// A record that a stage holds beyond its push: owns the bytes, the line and the origin.
class Kept {
 public:
  /// Takes over the record's origin. `originals`: the run needs the input line's text for dead letters
  /// (Run::keep_originals).
  Kept(Record& record, bool originals);

  std::string_view value_text() const { return trim(text_); }

  /// The record to push on; takes the origin along, so it can be had once. Lent by this Kept and `spare`.
  Record release(json::Document& spare);
  /// One more record that comes of it, which stays here.
  Record split(Ledger& ledger, json::Document& spare);

 private:
  Record lend(json::Document& spare);

  std::string text_;
  std::string original_;  // only where it differs from text_
  bool same_ = false;     // the original is text_
  bool has_line_ = false;
  Line line_;
  Time at_;
  Origin origin_;
};

}  // namespace sz
