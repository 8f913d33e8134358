#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/origin.h"

namespace sz {

/// The scope of a record that sums up others which have settled already, as `merged`, when they were taken in
/// (an aggregate). However it ends, their lines keep that fate.
class Merged final : public Scope {
 public:
  /// Of `records` that were taken in.
  static Origin origin(std::uint64_t records) {
    return Origin::of(std::make_unique<Merged>(records).release());
  }
  explicit Merged(std::uint64_t records) : records_(records) {}
  void lines(std::vector<Line>&) const override {}
  std::uint64_t summed() const override { return records_; }

 private:
  void settled(Verdict) override {}
  std::uint64_t records_;
};

}  // namespace sz
