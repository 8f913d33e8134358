#include "json/node.h"

#include "json/unescape.h"

namespace sz::json {

namespace {

// Out of the way of the loop that asks it of the rare name with an escape.
[[gnu::noinline]] bool spells(const Slots& slots, std::size_t slot, const Key& key) {
  return Node(slots, static_cast<std::uint32_t>(slot)).string_is(key.name());
}

}  // namespace

Key::Key(std::string name) : name_(std::move(name)) {
  for (const char c : name_) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) {
      head_ = 1;  // mask_ stays 0: no key without an escape can be this name
      return;
    }
  }
  char head[8] = {}, mask[8] = {};
  const std::size_t n = std::min(name_.size() + 1, sizeof head);
  std::memcpy(head, name_.data(), std::min(name_.size(), sizeof head));
  if (name_.size() < sizeof head) head[name_.size()] = '"';
  std::memset(mask, 0xFF, n);
  std::memcpy(&head_, head, sizeof head);
  std::memcpy(&mask_, mask, sizeof mask);
}

std::string_view Node::string(std::string& scratch) const {
  const std::string_view raw = string_raw();
  if (!string_escaped()) return raw;
  scratch.clear();
  append_unescaped(scratch, raw);
  return scratch;
}

bool Node::string_is(std::string_view text) const {
  const std::string_view raw = string_raw();
  if (!string_escaped()) return raw == text;
  return unescaped_is(raw, text);
}

std::optional<Node> Node::field(const Key& key) const {
  // From the closing bracket backwards: the first member found is the last one written.
  const char* const bytes = slots_->bytes;
  const std::uint32_t* const at = slots_->at;
  const std::uint32_t* const link = slots_->link;
  const std::size_t before = slot_ + std::size_t{1};  // the slot of the first name
  std::size_t end = link[slot_];  // the slot after a member: a comma or the closing bracket
  while (end > before) {
    std::size_t value = end - 1;
    const char c = bytes[at[value]];
    if (c == '}' || c == ']') value = link[value];
    const std::size_t name = value - 2;
    const char* const quote = bytes + at[name];
    if (key.begins(quote) && (key.is_short() || key.is_plain(quote)))
      return Node(*slots_, static_cast<std::uint32_t>(value));
    if (link[name] != 0 && spells(*slots_, name, key))
      return Node(*slots_, static_cast<std::uint32_t>(value));
    end = name - 1;
  }
  return std::nullopt;
}

std::optional<Node> Node::element(std::size_t i) const {
  for (const Node element : elements()) {
    if (i-- == 0) return element;
  }
  return std::nullopt;
}

std::size_t Node::size() const {
  std::size_t n = 0;
  const std::uint32_t end = slots_->link[slot_];
  const bool object = first() == '{';
  for (std::uint32_t slot = slot_ + 1; slot < end; ++n)
    slot = Node(*slots_, object ? slot + 2 : slot).next() + 1;
  return n;
}

}  // namespace sz::json
