#pragma once

#include <cstddef>
#include <cstdint>

#include "expr/pool.h"

namespace sz::expr {

class Heap;

/// The common head of what a built value shares: a count of owners (not atomic) and the heap that is charged
/// for it.
struct Block {
  enum class Type : std::uint8_t { string, number, array, object };

  Block(Heap& owner, Type t) : heap(&owner), type(t) {}

  Heap* heap;
  Block* next_dead = nullptr;
  std::size_t charged = 0;
  std::uint32_t refs = 1;
  std::uint32_t depth = 1;  ///< an upper bound of the nesting of built containers from here on down
  Type type;
};

/// Counts the bytes of all live built values of one program, so that a runaway expression ends as an error.
/// Owns no block: Values do. Blocks die one after the other from a list, so that a deeply nested value cannot
/// exhaust the native stack. One thread. Must outlive every Value made with it.
class Heap {
 public:
  explicit Heap(std::size_t most) : most_(most) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// Where blocks and what they hold lie.
  Pool& pool() { return pool_; }
  std::size_t live() const { return live_; }
  /// True once live values take more than the limit; the evaluator looks after every step that can build
  /// something.
  bool over() const { return live_ > most_; }
  /// Would `bytes` more still fit? Asked before a single step builds something large.
  bool fits(std::size_t bytes) const { return live_ <= most_ && bytes <= most_ - live_; }

  /// `block` now takes `bytes`.
  void charge(Block& block, std::size_t bytes) {
    live_ += bytes - block.charged;
    block.charged = bytes;
  }
  /// Takes a block without owners.
  void bury(Block* block);

 private:
  Pool pool_;  // destroyed last
  std::size_t most_;
  std::size_t live_ = 0;
  Block* dead_ = nullptr;
  bool draining_ = false;
};

}  // namespace sz::expr
