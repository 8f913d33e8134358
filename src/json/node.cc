#include "json/node.h"

#include "json/unescape.h"

namespace sz::json {

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
  const Slots& s = *slots_;
  std::uint32_t end = s.link[slot_];  // the slot after a member: a comma or the closing bracket
  if (end == slot_ + 1) return std::nullopt;
  do {
    std::uint32_t value = end - 1;
    const char c = s.bytes[s.at[value]];
    if (c == '}' || c == ']') value = s.link[value];
    const std::uint32_t name = value - 2;
    if (key.is_plain(s.bytes + s.at[name]) || (s.link[name] != 0 && Node(s, name).string_is(key.name()))) {
      return Node(s, value);
    }
    end = name - 1;
  } while (end != slot_);
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
