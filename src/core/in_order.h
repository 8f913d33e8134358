#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "core/mark.h"

namespace sz {

/// A queue whose slots open in the order in which records come, are filled in any order, and leave from the
/// front: what came first leaves first, however long its work took. A mark of the stream's clock has a slot
/// too, so the clock leaves behind what came before it and ahead of what came after.
///
/// A slot's handle and its payload's address stay the same until it leaves. Memory is in proportion to the
/// slots that are open at once; nothing is allocated in the steady state.
template <class Payload>
class InOrder {
 public:
  using Handle = std::uint32_t;
  static constexpr Handle none = 0xFFFFFFFF;

  /// A new slot behind all others.
  Handle open(Payload payload) {
    const Handle handle = append();
    nodes_[handle].payload = std::move(payload);
    ++size_;
    return handle;
  }
  /// The clock has come so far, behind all that was opened before. With nothing in front of it, it leaves at
  /// the next release().
  void mark(Mark m) {
    Handle handle = last_;
    if (handle == none || !nodes_[handle].mark) {
      handle = append();
      nodes_[handle].mark = nodes_[handle].filled = true;
    }
    nodes_[handle].clock = m;
  }

  Payload& operator[](Handle handle) { return nodes_[handle].payload; }
  const Payload& operator[](Handle handle) const { return nodes_[handle].payload; }

  /// The slot may leave once it is the first.
  void fill(Handle handle) { nodes_[handle].filled = true; }
  /// Takes a slot out wherever it stands.
  Payload take(Handle handle) {
    Payload payload = std::move(nodes_[handle].payload);
    remove(handle);
    --size_;
    return payload;
  }

  /// Lets go of what is filled, from the front: `leave(Payload)` for a slot, `clock(Mark)` for a mark. Each
  /// is out of the queue before the call, so the callee may open, fill and take slots of this queue; a
  /// release() within a call does nothing, for the outer one goes on.
  template <class Leave, class Clock>
  void release(Leave&& leave, Clock&& clock) {
    if (std::exchange(releasing_, true)) return;
    while (first_ != none && nodes_[first_].filled) {
      const Handle handle = first_;
      if (nodes_[handle].mark) {
        const Mark m = nodes_[handle].clock;
        remove(handle);
        clock(m);
      } else {
        leave(take(handle));
      }
    }
    releasing_ = false;
  }

  std::size_t size() const { return size_; }           ///< slots, marks not counted
  bool empty() const { return first_ == none; }        ///< neither slots nor marks
  Handle first() const { return skip_marks(first_); }  ///< the oldest slot, or none
  Handle next(Handle handle) const { return skip_marks(nodes_[handle].next); }

 private:
  struct Node {
    Payload payload{};
    Mark clock;
    Handle before = none, next = none;
    bool mark = false, filled = false;
  };

  Handle append() {
    Handle handle = free_;
    if (handle != none) {
      free_ = nodes_[handle].next;
    } else {
      handle = static_cast<Handle>(nodes_.size());
      nodes_.emplace_back();
    }
    Node& node = nodes_[handle];
    node.mark = node.filled = false;
    node.before = last_;
    node.next = none;
    (last_ == none ? first_ : nodes_[last_].next) = handle;
    last_ = handle;
    return handle;
  }
  void remove(Handle handle) {
    Node& node = nodes_[handle];
    (node.before == none ? first_ : nodes_[node.before].next) = node.next;
    (node.next == none ? last_ : nodes_[node.next].before) = node.before;
    node.payload = Payload{};
    node.next = free_;
    free_ = handle;
  }
  Handle skip_marks(Handle handle) const {
    while (handle != none && nodes_[handle].mark) handle = nodes_[handle].next;
    return handle;
  }

  std::deque<Node> nodes_;  // in use or free; addresses stay
  Handle first_ = none, last_ = none, free_ = none;
  std::size_t size_ = 0;
  bool releasing_ = false;
};

}  // namespace sz
