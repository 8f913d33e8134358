#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "core/hash.h"
#include "core/short_text.h"

namespace sz {

/// State by key, with a bound on the keys: a flat hash table over slots that are reused, and a list of the
/// slots from the least to the most recently used. A slot number stays the same as long as its key is in. The
/// hash is keyed with a secret (see Secret), so that nobody who writes records can choose keys that collide.
template <class State>
class Keyed {
 public:
  using Slot = std::uint32_t;
  static constexpr Slot none = 0xFFFFFFFF;

  Keyed() : index_(0, HashOf{this}, EqualTo{this}) {}
  Keyed(const Keyed&) = delete;
  Keyed& operator=(const Keyed&) = delete;

  std::size_t size() const { return index_.size(); }
  State& operator[](Slot slot) { return slots_[slot].state; }
  /// Valid until the next insert().
  std::string_view key(Slot slot) const { return slots_[slot].key.view(); }

  /// The slot of `key`, now the most recently used; `none` if it is not in.
  Slot find(std::string_view key) {
    const Slot slot = peek(key);
    if (slot != none) touch(slot);
    return slot;
  }
  /// The same, but the order stays. Where nothing else is used, oldest() and next() go from the key that came
  /// first to the last.
  Slot peek(std::string_view key) const {
    const auto it = index_.find(Probe{key, secret_.hash(key)});
    return it == index_.end() ? none : *it;
  }

  /// A new slot for a key that is not in, most recently used, its state freshly made.
  Slot insert(std::string_view key) {
    Slot slot = free_;
    if (slot != none) {
      free_ = links_[slot].next;
    } else {
      slot = static_cast<Slot>(slots_.size());
      slots_.emplace_back();
      links_.emplace_back();
    }
    slots_[slot].key.assign(key);
    slots_[slot].state = State();
    append(slot);
    index_.insert(slot);
    return slot;
  }

  void erase(Slot slot) {
    index_.erase(slot);
    unlink(slot);
    slots_[slot].state = State();
    links_[slot].next = free_;
    free_ = slot;
  }

  /// The least recently used key; `none` when empty. next(slot) is the one used after it.
  Slot oldest() const { return first_; }
  Slot next(Slot slot) const { return links_[slot].next; }

 private:
  struct Parts {
    ShortText key;
    [[no_unique_address]] State state;
  };
  static constexpr std::size_t cache_line = 64;
  /// A small entry never lies across two cache lines: with many keys, touching it is what a record costs. The
  /// hash is not kept for the same reason.
  static constexpr std::size_t alignment =
      sizeof(Parts) <= cache_line ? std::bit_ceil(sizeof(Parts)) : alignof(Parts);
  struct alignas(alignment) Entry : Parts {};
  /// Apart from the entries: a touch writes three of them, and they fit into the cache where entries do not.
  struct Link {
    Slot previous = none, next = none;
  };
  struct Probe {
    std::string_view key;
    std::uint64_t hash;
  };
  struct HashOf {
    using is_transparent = void;
    using is_avalanching = void;
    const Keyed* of;
    std::size_t operator()(Slot slot) const { return of->secret_.hash(of->key(slot)); }
    std::size_t operator()(const Probe& probe) const { return probe.hash; }
  };
  struct EqualTo {
    using is_transparent = void;
    const Keyed* of;
    bool operator()(Slot a, Slot b) const { return a == b; }
    bool operator()(const Probe& probe, Slot slot) const { return of->key(slot) == probe.key; }
    bool operator()(Slot slot, const Probe& probe) const { return (*this)(probe, slot); }
  };

  void append(Slot slot) {
    links_[slot] = {last_, none};
    (last_ == none ? first_ : links_[last_].next) = slot;
    last_ = slot;
  }
  void unlink(Slot slot) {
    const auto [before, after] = links_[slot];
    (before == none ? first_ : links_[before].next) = after;
    (after == none ? last_ : links_[after].previous) = before;
  }
  void touch(Slot slot) {
    if (slot == last_) return;
    unlink(slot);
    append(slot);
  }

  Secret secret_;
  std::vector<Entry> slots_;
  std::vector<Link> links_;
  Slot free_ = none, first_ = none, last_ = none;
  boost::unordered_flat_set<Slot, HashOf, EqualTo> index_;
};

}  // namespace sz
