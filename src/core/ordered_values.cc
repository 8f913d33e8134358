#include "core/ordered_values.h"

#include <algorithm>
#include <cstdint>

namespace sz {
namespace {

std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

}  // namespace

std::size_t OrderedValues::block_of(const ExactNumber& value) const {
  const auto at = std::ranges::lower_bound(
      blocks_, value, {}, [](const auto& block) -> const ExactNumber& { return block.back(); });
  return static_cast<std::size_t>(at - blocks_.begin());
}

void OrderedValues::insert(const ExactNumber& value) {
  ++size_;
  if (blocks_.empty()) {
    blocks_.push_back({value});
    return;
  }
  const std::size_t i = std::min(block_of(value), blocks_.size() - 1);
  std::vector<ExactNumber>& block = blocks_[i];
  block.insert(std::ranges::upper_bound(block, value), value);
  if (block.size() <= longest) return;
  std::vector<ExactNumber> second(block.begin() + offset(longest / 2), block.end());
  block.resize(longest / 2);
  blocks_.insert(blocks_.begin() + offset(i + 1), std::move(second));
}

void OrderedValues::erase(const ExactNumber& value) {
  const std::size_t i = block_of(value);
  std::vector<ExactNumber>& block = blocks_[i];
  block.erase(std::ranges::lower_bound(block, value));
  if (block.empty()) blocks_.erase(blocks_.begin() + offset(i));
  --size_;
}

ExactNumber OrderedValues::at(std::size_t rank) const {
  for (const auto& block : blocks_) {
    if (rank < block.size()) return block[rank];
    rank -= block.size();
  }
  return {};
}

void OrderedValues::clear() {
  blocks_.clear();
  size_ = 0;
}

}  // namespace sz
