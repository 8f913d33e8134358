#pragma once

#include <cstddef>
#include <vector>

#include "core/exact_number.h"

namespace sz {

/// Numbers in order, for a set that changes while its quantiles are asked for: short sorted blocks, so that
/// one insertion or removal moves at most one block, and a rank is found by walking over the blocks.
class OrderedValues {
 public:
  std::size_t size() const { return size_; }
  void insert(const ExactNumber& value);
  /// `value` is in.
  void erase(const ExactNumber& value);
  /// The value with `rank` smaller or equal ones before it; rank < size().
  ExactNumber at(std::size_t rank) const;
  void clear();

 private:
  static constexpr std::size_t longest = 512;
  /// The block where `value` is or belongs.
  std::size_t block_of(const ExactNumber& value) const;

  std::vector<std::vector<ExactNumber>> blocks_;  // none is empty
  std::size_t size_ = 0;
};

}  // namespace sz
