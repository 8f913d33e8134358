#pragma once

#include <vector>

#include "run/feeder.h"
#include "run/input.h"
#include "run/source.h"

namespace sz::run {

/// Counts lines from block to block: they start at 1 in each file, and blocks of several may take turns.
class LineNumbers {
 public:
  /// The number of the block's first line.
  std::uint64_t first_of(const Block& block) {
    if (next_.size() <= block.source) next_.resize(block.source + std::size_t{1}, 1);
    source_ = block.source;
    return next_[source_];
  }
  /// The number of the line behind that block.
  void next_is(std::uint64_t line) { next_[source_] = line; }

 private:
  std::uint32_t source_ = 0;
  std::vector<std::uint64_t> next_ = std::vector<std::uint64_t>(1, 1);  ///< by source
};

/// Feeds the pipeline straight from the input, on the caller's thread.
class LineSource final : public Source {
 public:
  LineSource(Input& input, Feeder feeder) : input_(input), feeder_(std::move(feeder)) {}

  State poll() override;
  void feed(std::size_t most) override { feeder_.feed(most); }
  void stop() override { input_.stop(); }
  void abandon() override;
  const std::map<std::size_t, Counts>& pool_counts() const override { return none_; }

 private:
  Input& input_;
  Feeder feeder_;
  Block block_;
  LineNumbers numbers_;
  std::map<std::size_t, Counts> none_;
};

}  // namespace sz::run
