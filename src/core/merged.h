#pragma once

#include <memory>
#include <vector>

#include "core/origin.h"

namespace sz {

/// The scope of a record that sums up others which have settled already, as `merged`, when they were taken in
/// (an aggregate). However it ends, their lines keep that fate.
class Merged final : public Scope {
 public:
  static Origin origin() { return Origin::of(std::make_unique<Merged>().release()); }
  void lines(std::vector<Line>&) const override {}

 private:
  void settled(Verdict) override {}
};

}  // namespace sz
