#pragma once

#include <cstdint>
#include <vector>

#include "core/packed_time.h"
#include "core/time.h"

namespace sz {

/// The instants since when things wait, for an instant that never goes back: so the one that was opened first
/// and is still open has the earliest. Each call costs the same however many there are; memory is 20 bytes
/// for each that is open at once.
class Holds {
 public:
  using Handle = std::uint32_t;
  static constexpr Handle none = 0xFFFFFFFF;

  /// `since` is not before that of any other.
  Handle open(Time since) {
    Handle handle = free_;
    if (handle != none) {
      free_ = nodes_[handle].next;
    } else {
      handle = static_cast<Handle>(nodes_.size());
      nodes_.emplace_back();
    }
    nodes_[handle] = {since, last_, none};
    (last_ == none ? first_ : nodes_[last_].next) = handle;
    last_ = handle;
    return handle;
  }
  void close(Handle handle) {
    Node& node = nodes_[handle];
    (node.before == none ? first_ : nodes_[node.before].next) = node.next;
    (node.next == none ? last_ : nodes_[node.next].before) = node.before;
    node.next = free_;
    free_ = handle;
  }
  /// The earliest; `never` if none is open.
  Time first() const { return first_ == none ? never : Time(nodes_[first_].since); }

 private:
  struct Node {
    PackedTime since;
    Handle before = none, next = none;
  };
  std::vector<Node> nodes_;  // open or free
  Handle first_ = none, last_ = none, free_ = none;
};

}  // namespace sz
