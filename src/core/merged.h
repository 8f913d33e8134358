#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/line_span.h"
#include "core/origin.h"

namespace sz {

/// The scope of a record that sums up others which have settled already, as `merged`, when they were taken in
/// (an aggregate). However it ends, their lines keep that fate.
class Merged final : public Scope {
 public:
  /// Of `records` that were taken in; `span` is empty where dead letters are not kept.
  static Origin origin(std::uint64_t records, const LineSpan& span) {
    return Origin::of(std::make_unique<Merged>(records, span).release());
  }
  Merged(std::uint64_t records, const LineSpan& span) : records_(records), span_(span) {}
  /// The first and the last, as LineSpan::append_to() has them.
  void lines(std::vector<Line>& out) const override { span_.append_to(out); }
  std::uint64_t summed() const override { return records_; }

 private:
  void settled(Verdict) override {}
  std::uint64_t records_;
  LineSpan span_;
};

}  // namespace sz
