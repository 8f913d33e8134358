#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sz::json {

/// What a JSON value is (RFC 8259, section 3). Booleans are told apart by Node::boolean().
enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// The read-only face of an indexed, validated piece of JSON text: its bytes and, for each structural
/// character (brackets, `:`, `,`, and the first byte of every string and scalar), one slot.
///   at[i]    the byte offset of slot i; at[count] that of the line end after the last value.
///   link[i]  of an opening bracket the slot that closes it, of a closing one the slot that opens it, of a
///            string 1 if it contains an escape and 0 if not; otherwise unspecified.
/// 64 bytes after the text are readable. Whoever made the index owns all three arrays.
struct Slots {
  const char* bytes = nullptr;
  const std::uint32_t* at = nullptr;
  const std::uint32_t* link = nullptr;
};

/// A member name to look for, prepared once so that comparing it with a key costs a masked eight-byte compare
/// for short names. The name is the decoded one; a key written with escapes equals the key that it spells.
class Key {
 public:
  explicit Key(std::string name);
  const std::string& name() const { return name_; }

  /// True if the string whose opening quote is at `quote` holds no escape and is this name.
  bool is_plain(const char* quote) const {
    return begins(quote) && (is_short() || (std::memcmp(quote + 1, name_.data(), name_.size()) == 0 &&
                                            quote[1 + name_.size()] == '"'));
  }
  /// is_plain() as far as eight bytes tell: all of it if the name is_short().
  bool begins(const char* quote) const {
    std::uint64_t head;
    std::memcpy(&head, quote + 1, sizeof head);
    return (head & mask_) == head_;
  }
  bool is_short() const { return name_.size() < sizeof head_; }

 private:
  std::string name_;
  std::uint64_t head_ = 0;  // the first eight bytes of the name, its closing quote included when it fits
  std::uint64_t mask_ = 0;
};

class Elements;
class Members;

/// One JSON value inside indexed text: two words, trivially copied, valid as long as the text and its index
/// are. Reading never allocates, never fails and never changes anything. A default-made Node is "no value"
/// and only valid() may be asked.
class Node {
 public:
  Node() = default;
  Node(const Slots& slots, std::uint32_t slot) : slots_(&slots), slot_(slot) {}

  bool valid() const { return slots_ != nullptr; }
  Kind kind() const;
  /// The value exactly as written, without white space around it.
  std::string_view raw() const;

  /// Only for booleans: which one.
  bool boolean() const { return first() == 't'; }

  /// Only for strings: the bytes between the quotes as written, and whether any of them belong to an escape.
  std::string_view string_raw() const;
  bool string_escaped() const { return slots_->link[slot_] != 0; }
  /// Only for strings: the decoded text (RFC 8259, section 7; a lone surrogate becomes U+FFFD as in jq). A
  /// view of the text itself when there is no escape, otherwise of `scratch`, which is overwritten.
  std::string_view string(std::string& scratch) const;
  /// Only for strings: is the decoded text `text`? Does not decode when there is no escape.
  bool string_is(std::string_view text) const;
  bool string_is(const Key& text) const {
    return text.is_plain(slots_->bytes + slots_->at[slot_]) || (string_escaped() && string_is(text.name()));
  }

  /// Only for objects: the value of the *last* member with this name, as jq has it.
  std::optional<Node> field(const Key& key) const;
  /// Only for arrays: element `i`, counted from 0. Costs a walk over the elements before it.
  std::optional<Node> element(std::size_t i) const;
  /// Only for arrays and objects: in the order written; members include repeated names.
  Elements elements() const;
  Members members() const;
  /// Only for arrays and objects: how many elements, or members as written. Costs a walk.
  std::size_t size() const;
  bool empty() const;  ///< Only for arrays and objects. Costs nothing.

  const Slots& slots() const { return *slots_; }
  std::uint32_t slot() const { return slot_; }

 private:
  friend class Elements;
  friend class Members;
  char first() const { return slots_->bytes[slots_->at[slot_]]; }
  /// The slot after this value: a comma or a closing bracket.
  std::uint32_t next() const {
    const char c = first();
    return (c == '{' || c == '[') ? slots_->link[slot_] + 1 : slot_ + 1;
  }

  const Slots* slots_ = nullptr;
  std::uint32_t slot_ = 0;
};

/// The elements of an array, for range-for.
class Elements {
 public:
  class Iterator {
   public:
    Iterator(const Slots& slots, std::uint32_t slot) : node_(slots, slot) {}
    Node operator*() const { return node_; }
    Iterator& operator++() {
      node_ = Node(*node_.slots_, node_.next() + 1);
      return *this;
    }
    bool operator!=(const Iterator& end) const { return node_.slot_ < end.node_.slot_; }

   private:
    Node node_;
  };
  explicit Elements(const Node& array) : array_(array) {}
  Iterator begin() const { return {*array_.slots_, array_.slot_ + 1}; }
  Iterator end() const { return {*array_.slots_, array_.slots_->link[array_.slot_]}; }

 private:
  Node array_;
};

/// The members of an object as written, repeated names included, for range-for.
class Members {
 public:
  struct Member {
    Node key;  ///< a string
    Node value;
  };
  class Iterator {
   public:
    Iterator(const Slots& slots, std::uint32_t slot) : key_(slots, slot) {}
    Member operator*() const { return {key_, value()}; }
    Iterator& operator++() {
      key_ = Node(*key_.slots_, value().next() + 1);
      return *this;
    }
    bool operator!=(const Iterator& end) const { return key_.slot_ < end.key_.slot_; }

   private:
    Node value() const { return {*key_.slots_, key_.slot_ + 2}; }
    Node key_;
  };
  explicit Members(const Node& object) : object_(object) {}
  Iterator begin() const { return {*object_.slots_, object_.slot_ + 1}; }
  Iterator end() const { return {*object_.slots_, object_.slots_->link[object_.slot_]}; }

 private:
  Node object_;
};

inline Kind Node::kind() const {
  switch (first()) {
    case '{':
      return Kind::object;
    case '[':
      return Kind::array;
    case '"':
      return Kind::string;
    case 't':
    case 'f':
      return Kind::boolean;
    case 'n':
      return Kind::null;
    default:
      return Kind::number;
  }
}

inline std::string_view Node::raw() const {
  // Between the last byte of a value and the next slot there is only white space.
  const char c = first();
  const char* const begin = slots_->bytes + slots_->at[slot_];
  const char* end;
  if (c == '{' || c == '[') {
    end = slots_->bytes + slots_->at[slots_->link[slot_]] + 1;
  } else {
    end = slots_->bytes + slots_->at[slot_ + 1];
    while (static_cast<unsigned char>(end[-1]) <= ' ') --end;
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

inline std::string_view Node::string_raw() const {
  const std::string_view quoted = raw();
  return quoted.substr(1, quoted.size() - 2);
}

inline bool Node::empty() const { return slots_->link[slot_] == slot_ + 1; }

inline Elements Node::elements() const { return Elements(*this); }
inline Members Node::members() const { return Members(*this); }

}  // namespace sz::json
