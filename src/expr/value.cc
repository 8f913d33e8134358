#include "expr/value.h"

#include <bit>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "expr/blocks.h"

namespace sz::expr {

namespace {

template <class B, class... Arguments>
B* make(Heap& heap, Arguments&&... arguments) {
  return ::new (heap.pool().take(sizeof(B))) B(heap, std::forward<Arguments>(arguments)...);
}

template <class B>
void destroy(Pool& pool, B* block) {
  std::destroy_at(block);
  pool.give(block, sizeof(B));
}

}  // namespace

void Heap::bury(Block* block) {
  block->next_dead = dead_;
  dead_ = block;
  if (draining_) return;
  draining_ = true;
  while (dead_ != nullptr) {
    Block* b = dead_;
    dead_ = b->next_dead;
    live_ -= b->charged;
    switch (b->type) {
      case Block::Type::string:
        destroy(pool_, static_cast<StringBlock*>(b));
        break;
      case Block::Type::number:
        destroy(pool_, static_cast<NumberBlock*>(b));
        break;
      case Block::Type::array:
        destroy(pool_, static_cast<ArrayBlock*>(b));
        break;
      case Block::Type::object:
        destroy(pool_, static_cast<ObjectBlock*>(b));
        break;
    }
  }
  draining_ = false;
}

Value Value::string(Heap& heap, std::string_view text) { return string(heap, std::string(text)); }

Value Value::string(Heap& heap, std::string&& text) {
  auto* b = make<StringBlock>(heap, std::move(text));
  heap.charge(*b, sizeof *b + b->text.capacity());
  return Value(Tag::string, b);
}

Value Value::number(Heap& heap, std::string_view text) {
  auto* b = make<NumberBlock>(heap, std::string(text));
  heap.charge(*b, sizeof *b + b->text.capacity());
  return Value(Tag::number, b);
}

Value Value::array(Heap& heap, std::size_t reserve) {
  auto* b = make<ArrayBlock>(heap);
  b->items.reserve(reserve);
  b->account();
  return Value(Tag::array, b);
}

Value Value::object(Heap& heap, std::size_t reserve) {
  auto* b = make<ObjectBlock>(heap);
  b->members.reserve(reserve);
  b->account();
  return Value(Tag::object, b);
}

bool Value::node_truthy() const {
  const char c = u_.slots->bytes[u_.slots->at[extra_]];
  return c != 'n' && c != 'f';
}

json::Number Value::number() const {
  switch (tag_) {
    case Tag::integer:
      return {true, u_.i, static_cast<double>(u_.i)};
    case Tag::real:
      return {false, 0, u_.d};
    case Tag::number:
      return static_cast<NumberBlock*>(u_.block)->number;
    case Tag::node:
      return json::to_number(as_node().raw());
    default:
      return {};
  }
}

std::string_view Value::number_text() const {
  if (tag_ == Tag::node) return as_node().raw();
  if (tag_ == Tag::number) return static_cast<NumberBlock*>(u_.block)->text;
  return {};
}

std::string_view Value::text(std::string& scratch) const {
  switch (tag_) {
    case Tag::view:
      return raw_view();
    case Tag::string:
      return string_block().text;
    case Tag::node:
      return as_node().string(scratch);
    default:
      return {};
  }
}

Value::Tag Value::singleton() const {
  if (tag_ == Tag::null || tag_ == Tag::false_ || tag_ == Tag::true_) return tag_;
  if (tag_ != Tag::node) return Tag::none;
  switch (u_.slots->bytes[u_.slots->at[extra_]]) {
    case 'n':
      return Tag::null;
    case 'f':
      return Tag::false_;
    case 't':
      return Tag::true_;
    default:
      return Tag::none;
  }
}

bool Value::same_as(const Value& other) const {
  const Tag only = singleton();
  if (only != Tag::none) return only == other.singleton();
  if (tag_ != other.tag_) return false;
  switch (tag_) {
    case Tag::integer:
      return u_.i == other.u_.i;
    case Tag::real:
      return std::bit_cast<std::uint64_t>(u_.d) == std::bit_cast<std::uint64_t>(other.u_.d);
    case Tag::node:
    case Tag::view:
      return u_.slots == other.u_.slots && extra_ == other.extra_;
    case Tag::string:
    case Tag::number:
    case Tag::array:
    case Tag::object:
      return u_.block == other.u_.block;
    default:
      return true;
  }
}

}  // namespace sz::expr
