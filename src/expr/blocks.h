#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/heap.h"
#include "expr/value.h"

namespace sz::expr {

/// Built values may nest this deep (a part of the record counts as one level).
inline constexpr std::uint32_t max_built_depth = 1024;

struct StringBlock : Block {
  StringBlock(Heap& h, std::string t) : Block(h, Type::string), text(std::move(t)) {}
  std::string text;
};

/// A number and how it was written.
struct NumberBlock : Block {
  NumberBlock(Heap& h, std::string t)
      : Block(h, Type::number), text(std::move(t)), number(json::to_number(text)) {}
  std::string text;
  json::Number number;
};

struct ArrayBlock : Block {
  using Items = std::vector<Value, PoolAllocator<Value>>;
  explicit ArrayBlock(Heap& h) : Block(h, Type::array), items(PoolAllocator<Value>(h.pool())) {}
  void push(Value v) {
    deepen(v);
    const std::size_t before = items.capacity();
    items.push_back(std::move(v));
    if (items.capacity() != before) account();
  }
  /// Brings charge and depth up to date after `items` was changed.
  void changed();
  void account() { heap->charge(*this, sizeof *this + items.capacity() * sizeof(Value)); }
  void deepen(const Value& v) {
    if (v.is_built() && v.block().depth >= depth) depth = v.block().depth + 1;
  }
  Items items;
};

/// Members in the order in which their names first came; names are unique. Small objects are searched in
/// order, large ones by hash.
struct ObjectBlock : Block {
  struct Member {
    Value key;  ///< a string without a Node: a view or a built string
    Value value;
  };
  using Members = std::vector<Member, PoolAllocator<Member>>;
  explicit ObjectBlock(Heap& h) : Block(h, Type::object), members(PoolAllocator<Member>(h.pool())) {}

  static std::string_view name(const Member& m);
  /// Index of the member, or npos.
  std::size_t find(std::string_view name) const;
  /// Sets the value, in its place or at the end. `key` is a string.
  void set(Value key, Value value);
  /// The same for a name that is not there yet.
  void append(Value key, Value value) {
    deepen(value);
    const std::size_t before = members.capacity();
    members.push_back({std::move(key), std::move(value)});
    if (members.capacity() != before) account();
  }
  void erase(std::size_t i);
  void account() {
    heap->charge(
        *this, sizeof *this + members.capacity() * sizeof(Member) + slots.capacity() * sizeof(std::uint32_t));
  }
  void deepen(const Value& v) {
    if (v.is_built() && v.block().depth >= depth) depth = v.block().depth + 1;
  }
  /// Indexes of the members in the order of their names by code point.
  std::vector<std::uint32_t> sorted() const;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  Members members;

 private:
  void index() const;
  mutable std::vector<std::uint32_t>
      slots;  // open addressing; empty = not indexed; entries are member index + 1
};

inline StringBlock& Value::string_block() const { return static_cast<StringBlock&>(*u_.block); }
inline ArrayBlock& Value::array_block() const { return static_cast<ArrayBlock&>(*u_.block); }
inline ObjectBlock& Value::object_block() const { return static_cast<ObjectBlock&>(*u_.block); }

/// `v` is an array or object: the same as a built value with one owner, ready to be changed. Its untouched
/// elements stay Nodes.
Value own_array(Heap& heap, Value v);
Value own_object(Heap& heap, Value v);
/// The same, but a shared built value stays shared: to be read only.
Value built_array(Heap& heap, const Value& v);
Value built_object(Heap& heap, const Value& v);
/// `v` is a string: as a view or a built string.
Value plain_string(Heap& heap, const Value& v);

}  // namespace sz::expr
