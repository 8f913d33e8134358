#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/hash.h"
#include "stages/aggregate_state.h"

namespace sz::aggregate {

/// Which states each group has, and where they lie in its one block of memory; and what they share: the
/// secret of their hash tables, which is lent, and the seed of their estimates. It outlives them.
class Layout {
 public:
  Layout(const Secret& secret, std::uint64_t seed) : secret_(secret), seed_(seed) {}
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

  /// One more state, behind the others; before any States are made. `share` is that of a moving average.
  void add(StateKind kind, double share);
  std::size_t size() const { return parts_.size(); }
  StateKind kind(std::size_t i) const { return parts_[i].kind; }
  double share(std::size_t i) const { return parts_[i].share; }
  const Secret& secret() const { return secret_; }
  std::uint64_t seed() const { return seed_; }

 private:
  friend class States;
  struct Part {
    StateKind kind;
    double share;
    std::size_t at;  // in the block
  };
  std::vector<Part> parts_;
  std::size_t bytes_ = sizeof(const Layout*);  // which comes first in the block
  const Secret& secret_;
  std::uint64_t seed_;
};

/// The states of one group, in the order of its Layout: eight bytes, and a block on the heap if there are
/// any. There may be a million of them.
class States {
 public:
  States() = default;
  explicit States(const Layout& layout);

  std::size_t size() const { return block_ ? layout().parts_.size() : 0; }
  State operator[](std::size_t i) const {
    const Layout::Part& part = layout().parts_[i];
    return {part.kind, block_.get() + part.at};
  }
  /// Makes state `i` anew.
  void renew(std::size_t i);
  void clear() { block_.reset(); }

 private:
  struct Destroy {
    void operator()(std::byte* block) const;
  };
  static const Layout& layout_of(const std::byte* block) {
    return **reinterpret_cast<const Layout* const*>(block);
  }
  const Layout& layout() const { return layout_of(block_.get()); }

  std::unique_ptr<std::byte, Destroy> block_;  // a Layout's address, then the states
};

}  // namespace sz::aggregate
