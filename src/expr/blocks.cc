#include "expr/blocks.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

#include "json/distinct.h"

namespace sz::expr {

namespace {

constexpr std::size_t small_object = 16;

// Names come from records, which are not trusted: a hash that outsiders cannot predict.
std::uint64_t hash(std::string_view s) {
  static const std::uint64_t secret = [] {
    std::random_device d;
    return (std::uint64_t{d()} << 32) ^ d();
  }();
  std::uint64_t h = secret ^ (s.size() * 0x9e3779b97f4a7c15u);
  while (!s.empty()) {
    std::uint64_t w = 0;
    const std::size_t n = std::min<std::size_t>(8, s.size());
    std::memcpy(&w, s.data(), n);
    s.remove_prefix(n);
    const auto m = static_cast<unsigned __int128>(h ^ w) * (secret | 1);
    h = static_cast<std::uint64_t>(m) ^ static_cast<std::uint64_t>(m >> 64) ^ 0x9e3779b97f4a7c15u;
  }
  return h;
}

}  // namespace

void ArrayBlock::changed() {
  account();
  for (const Value& v : items) deepen(v);
}

std::string_view ObjectBlock::name(const Member& m) {
  return m.key.tag() == Value::Tag::view ? m.key.raw_view() : std::string_view(m.key.string_block().text);
}

void ObjectBlock::index() const {
  std::size_t size = 16;
  while (size < members.size() * 2) size *= 2;
  slots.assign(size, 0);
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    std::size_t at = hash(name(members[i])) & (size - 1);
    while (slots[at] != 0) at = (at + 1) & (size - 1);
    slots[at] = i + 1;
  }
}

std::size_t ObjectBlock::find(std::string_view wanted) const {
  if (members.size() <= small_object) {
    for (std::size_t i = 0; i < members.size(); ++i)
      if (name(members[i]) == wanted) return i;
    return npos;
  }
  if (slots.empty()) index();
  std::size_t at = hash(wanted) & (slots.size() - 1);
  while (slots[at] != 0) {
    if (name(members[slots[at] - 1]) == wanted) return slots[at] - 1;
    at = (at + 1) & (slots.size() - 1);
  }
  return npos;
}

void ObjectBlock::set(Value key, Value value) {
  std::string_view wanted =
      key.tag() == Value::Tag::view ? key.raw_view() : std::string_view(key.string_block().text);
  if (const std::size_t i = find(wanted); i != npos) {
    deepen(value);
    members[i].value = std::move(value);
    return;
  }
  if (!slots.empty()) {
    if (members.size() * 2 + 2 > slots.size()) {
      slots.clear();
    } else {
      std::size_t at = hash(wanted) & (slots.size() - 1);
      while (slots[at] != 0) at = (at + 1) & (slots.size() - 1);
      slots[at] = static_cast<std::uint32_t>(members.size() + 1);
    }
  }
  append(std::move(key), std::move(value));
}

void ObjectBlock::erase(std::size_t i) {
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
  slots.clear();
}

std::vector<std::uint32_t> ObjectBlock::sorted() const {
  std::vector<std::uint32_t> order(members.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [this](std::uint32_t a, std::uint32_t b) { return name(members[a]) < name(members[b]); });
  return order;
}

Value plain_string(Heap& heap, const Value& v) {
  if (!v.is_node()) return v;
  const json::Node node = v.as_node();
  if (!node.string_escaped()) return Value::view(node.string_raw());
  std::string scratch;
  return Value::string(heap, std::string(node.string(scratch)));
}

Value built_array(Heap& heap, const Value& v) {
  if (!v.is_node()) return v;
  Value out = Value::array(heap);
  ArrayBlock& block = out.array_block();
  for (const json::Node e : v.as_node().elements()) block.push(Value::of(e));
  return out;
}

Value built_object(Heap& heap, const Value& v) {
  if (!v.is_node()) return v;
  Value out = Value::object(heap);
  ObjectBlock& block = out.object_block();
  const json::Node node = v.as_node();
  block.members.reserve(node.size());
  block.account();
  if (!json::has_repeated_names(node)) {
    for (const auto& m : node.members())
      block.members.push_back({plain_string(heap, Value::of(m.key)), Value::of(m.value)});
    return out;
  }
  for (const auto& m : node.members()) block.set(plain_string(heap, Value::of(m.key)), Value::of(m.value));
  return out;
}

Value own_array(Heap& heap, Value v) {
  if (v.is_node()) return built_array(heap, v);
  if (v.unique()) return v;
  Value out = Value::array(heap);
  ArrayBlock& block = out.array_block();
  block.items = v.array_block().items;
  block.depth = v.block().depth;
  block.account();
  return out;
}

Value own_object(Heap& heap, Value v) {
  if (v.is_node()) return built_object(heap, v);
  if (v.unique()) return v;
  Value out = Value::object(heap);
  ObjectBlock& block = out.object_block();
  block.members = v.object_block().members;
  block.depth = v.block().depth;
  block.account();
  return out;
}

}  // namespace sz::expr
