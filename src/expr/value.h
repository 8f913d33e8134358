#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "expr/heap.h"
#include "json/node.h"
#include "json/number.h"

namespace sz::expr {

struct StringBlock;
struct NumberBlock;
struct ArrayBlock;
struct ObjectBlock;

/// A JSON value as an expression sees it: a part of the record read in place (a Node), a scalar, borrowed
/// text, or something that was built and is shared by count. Sixteen bytes; moves are free; scalars, Nodes
/// and borrowed text never allocate. Built values are changed in place by the operations when they have one
/// owner.
///
/// A Value that a Program hands out is valid until the next call on that Program, and no longer than the
/// input's Node: copy what must last as text (append_json, append_canonical). One thread.
class Value {
 public:
  enum class Tag : std::uint8_t {
    null,
    false_,
    true_,
    integer,
    real,
    node,
    view,     // borrowed UTF-8 text, decoded
    closure,  // only inside the machine: a function and its frame
    none,     // only inside evaluators: no output
    fault,    // only inside evaluators: an error, which the context holds
    string,   // from here on built values
    number,   // a number with its text
    array,
    object,
  };

  Value() = default;
  Value(const Value& other) : tag_(other.tag_), extra_(other.extra_), u_(other.u_) { retain(); }
  Value(Value&& other) noexcept
      : tag_(std::exchange(other.tag_, Tag::null)), extra_(other.extra_), u_(other.u_) {}
  Value& operator=(const Value& other) {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~Value() { release(); }
  void swap(Value& other) noexcept {
    std::swap(tag_, other.tag_);
    std::swap(extra_, other.extra_);
    std::swap(u_, other.u_);
  }

  static Value boolean(bool b) { return Value(b ? Tag::true_ : Tag::false_); }
  static Value integer(std::int64_t i) {
    Value v(Tag::integer);
    v.u_.i = i;
    return v;
  }
  static Value real(double d) {
    Value v(Tag::real);
    v.u_.d = d;
    return v;
  }
  /// Part of the record, not looked at.
  static Value of(const json::Node& node) {
    Value v(Tag::node);
    v.extra_ = node.slot();
    v.u_.slots = &node.slots();
    return v;
  }
  /// Borrowed UTF-8 text, under 4 GiB.
  static Value view(std::string_view text) {
    Value v(Tag::view);
    v.extra_ = static_cast<std::uint32_t>(text.size());
    v.u_.chars = text.data();
    return v;
  }
  static Value none() { return Value(Tag::none); }
  static Value fault() { return Value(Tag::fault); }
  static Value closure(std::uint32_t entry, std::uint32_t frame) {
    Value v(Tag::closure);
    v.extra_ = frame;
    v.u_.i = entry;
    return v;
  }
  /// Built values; the first owner of a fresh block.
  static Value string(Heap& heap, std::string_view text);
  static Value string(Heap& heap, std::string&& text);
  static Value number(Heap& heap, std::string_view text);
  static Value array(Heap& heap, std::size_t reserve = 0);
  static Value object(Heap& heap, std::size_t reserve = 0);

  Tag tag() const { return tag_; }
  bool is_fault() const { return tag_ == Tag::fault; }
  bool is_none() const { return tag_ == Tag::none; }
  /// An output, neither none nor fault.
  bool is_output() const { return tag_ != Tag::fault && tag_ != Tag::none; }

  json::Kind kind() const { return tag_ == Tag::node ? as_node().kind() : built_kind(); }
  bool is_null() const { return kind() == json::Kind::null; }
  bool is_number() const { return kind() == json::Kind::number; }
  bool is_string() const { return kind() == json::Kind::string; }
  bool is_array() const { return kind() == json::Kind::array; }
  bool is_object() const { return kind() == json::Kind::object; }
  /// Neither null nor false.
  bool is_truthy() const {
    if (tag_ == Tag::node) return node_truthy();
    return tag_ != Tag::null && tag_ != Tag::false_;
  }
  /// Only for numbers.
  json::Number number() const;
  /// Only for numbers: the text it was written with, if it still has one (a Node or a literal), else empty.
  std::string_view number_text() const;
  /// Only for strings: the decoded text; `scratch` is used (and overwritten) only when an escape must be
  /// decoded.
  std::string_view text(std::string& scratch) const;
  /// The Node if this is an untouched part of the record.
  std::optional<json::Node> node() const {
    if (tag_ != Tag::node) return std::nullopt;
    return json::Node(*u_.slots, extra_);
  }
  bool is_node() const { return tag_ == Tag::node; }
  json::Node as_node() const { return json::Node(*u_.slots, extra_); }  ///< Only if is_node().

  /// Appends compact JSON; parts of the record as they are written there.
  void append_json(std::string& out) const;
  /// The same, but stops when `out` is longer than `most` and is then false.
  bool append_json(std::string& out, std::size_t most) const;
  /// Appends a form in which equal values are equal text; the same for a Node and for a value built equal to
  /// it.
  void append_canonical(std::string& out) const;
  /// Appends compact JSON without odd spacing and repeated names also inside parts of the record: what
  /// `tojson` gives. Stops when `out` is longer than `most` and is then false.
  bool append_compact(std::string& out, std::size_t most) const;

  /// For the operations of this folder.
  bool is_built() const { return tag_ >= Tag::string; }
  bool unique() const { return u_.block->refs == 1; }
  Block& block() const { return *u_.block; }
  StringBlock& string_block() const;
  ArrayBlock& array_block() const;
  ObjectBlock& object_block() const;
  std::int64_t raw_integer() const { return u_.i; }
  double raw_real() const { return u_.d; }
  std::string_view raw_view() const { return {u_.chars, extra_}; }
  std::uint32_t closure_entry() const { return static_cast<std::uint32_t>(u_.i); }
  std::uint32_t closure_frame() const { return extra_; }
  /// The very same thing, not merely an equal one (jq's rule for paths). There is one null, one true and one
  /// false, wherever they stand.
  bool same_as(const Value& other) const;

 private:
  explicit Value(Tag tag) : tag_(tag) {}
  Value(Tag tag, Block* block) : tag_(tag) { u_.block = block; }
  void retain() const {
    if (is_built()) ++u_.block->refs;
  }
  void release() {
    if (is_built() && --u_.block->refs == 0) u_.block->heap->bury(u_.block);
  }
  bool node_truthy() const;
  Tag singleton() const;  // null, true or false also of a Node, else none
  json::Kind built_kind() const {
    using K = json::Kind;
    static constexpr K kinds[] = {K::null,   K::boolean, K::boolean, K::number, K::number,
                                  K::null,   K::string,  K::null,    K::null,   K::null,
                                  K::string, K::number,  K::array,   K::object};  // by tag
    return kinds[static_cast<std::size_t>(tag_)];
  }

  Tag tag_ = Tag::null;
  std::uint32_t extra_ = 0;
  union Payload {
    std::int64_t i = 0;
    double d;
    const json::Slots* slots;
    const char* chars;
    Block* block;
  } u_;
};

}  // namespace sz::expr
