#include "json/line_parser.h"

#include <algorithm>
#include <utility>

#include "json/diagnose.h"
#include "json/index.h"

namespace sz::json {
namespace {

constexpr char record_separator = 0x1E;  // RFC 7464, section 2.2

}  // namespace

struct LineParser::Memory {
  Index index;
  std::uint32_t count = 0;
  std::unique_ptr<std::uint32_t[]> link;
  std::size_t link_capacity = 0;
  Slots slots;

  // Lines indexed one by one: their slots, one line after the other.
  Index own;
  std::unique_ptr<std::uint32_t[]> own_at;
  std::unique_ptr<std::uint32_t[]> own_link;
  std::size_t own_capacity = 0;
  std::uint32_t used = 0;
  Slots own_slots;
};

LineParser::LineParser() : memory_(std::make_unique<Memory>()) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

void LineParser::open(const char* bytes, std::size_t size) {
  while (size != 0 && bytes[size - 1] != '\n') --size;
  bytes_ = bytes;
  size_ = static_cast<std::uint32_t>(size);
  start_ = 0;
  slot_ = 0;
  Memory& m = *memory_;
  m.used = 0;
  trusting_ = whole_ = size != 0 && m.index.run(bytes, size);
  if (!whole_) return;
  find_backslash(bytes);
  m.count = m.index.count();
  if (m.link_capacity < m.count + 1) {
    m.link_capacity = std::max<std::size_t>(m.count + m.count / 4 + 1, 4096);
    m.link = std::make_unique_for_overwrite<std::uint32_t[]>(m.link_capacity);
  }
  std::fill_n(m.index.at() + m.count, Index::sentinels, size_ - 1);  // the last newline: it ends every walk
  m.slots = {bytes, m.index.at(), m.link.get()};
  slots_ = &m.slots;
  link_ = m.link.get();
}

void LineParser::find_backslash(const char* from) {
  const char* const stop = bytes_ + size_;
  const auto* found =
      static_cast<const char*>(std::memchr(from, '\\', static_cast<std::size_t>(stop - from)));
  backslash_ = found != nullptr ? found : stop;
}

// The line's end is found first, and a byte '\n' put in the place of the next line's first slot.
bool LineParser::next_other(ParsedLine& line) {
  if (start_ >= size_) return false;
  const std::uint32_t from = start_;
  const auto end = static_cast<std::uint32_t>(
      static_cast<const char*>(std::memchr(bytes_ + from, '\n', size_ - from)) - bytes_);
  start_ = end + 1;
  std::uint32_t text = from;
  while (text < end && bytes_[text] == record_separator) ++text;
  line = {.text = {bytes_ + text, end - text}, .value = Node(), .fault = Fault()};
  // In simdjson's fallback kernel a string may go on behind a backslash and a line end: what follows is not
  // indexed right.
  if (end != from && bytes_[end - 1] == '\\') whole_ = trusting_ = false;
  const std::uint32_t first = slot_;
  if (whole_) slot_ = skip_to(end);
  if (!whole_ || text != from) {
    by_itself(line, text, end);
    return true;
  }
  if (slot_ == first) return true;  // blank
  std::uint32_t* const at = memory_->index.at();
  const std::uint32_t kept = std::exchange(at[slot_], end);
  const bool good =
      walk(bytes_, at, link_, first) == slot_ && mark_escapes(bytes_, at, link_, first, from, end);
  at[slot_] = kept;
  if (good) {
    line.value = Node(*slots_, first);
  } else {
    line.fault = refusal(line.text);
  }
  return true;
}

/// The first slot at or after byte `end`.
std::uint32_t LineParser::skip_to(std::uint32_t end) const {
  const std::uint32_t* const at = slots_->at;
  std::uint32_t i = slot_;
  while (i < memory_->count && at[i] < end) ++i;
  return i;
}

/// The line [from, end), which is not in the block's index, or the block has none.
void LineParser::by_itself(ParsedLine& line, std::uint32_t from, std::uint32_t end) {
  Memory& m = *memory_;
  if (!m.own.run(bytes_ + from, end - from)) {
    line.fault = refusal(line.text);
    return;
  }
  const std::uint32_t n = m.own.count();
  if (n == 0) return;
  if (m.own_capacity < size_ + Index::sentinels) {
    m.own_capacity = size_ + Index::sentinels;
    m.own_at = std::make_unique_for_overwrite<std::uint32_t[]>(m.own_capacity);
    m.own_link = std::make_unique_for_overwrite<std::uint32_t[]>(m.own_capacity);
  }
  // A line has at most as many slots as bytes, and its sentinel takes the place of its newline.
  std::uint32_t* const at = m.own_at.get() + m.used;
  for (std::uint32_t i = 0; i < n; ++i) at[i] = m.own.at()[i] + from;
  std::fill_n(at + n, Index::sentinels, end);
  m.own_slots = {bytes_, m.own_at.get(), m.own_link.get()};
  if (walk(bytes_, m.own_slots.at, m.own_link.get(), m.used) == m.used + n &&
      mark_escapes(bytes_, m.own_slots.at, m.own_link.get(), m.used, from, end)) {
    line.value = Node(m.own_slots, m.used);
    m.used += n + 1;
  } else {
    line.fault = refusal(line.text);
  }
}

}  // namespace sz::json
