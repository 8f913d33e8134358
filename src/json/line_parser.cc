#include "json/line_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "json/bytes.h"
#include "json/diagnose.h"
#include "json/index.h"
#include "json/walk.h"

namespace sz::json {
namespace {

constexpr char record_separator = 0x1E;  // RFC 7464, section 2.2

}  // namespace

class LineParser::Impl {
 public:
  void open(const char* bytes, std::size_t size) {
    while (size != 0 && bytes[size - 1] != '\n') --size;
    bytes_ = bytes;
    size_ = static_cast<std::uint32_t>(size);
    start_ = 0;
    slot_ = 0;
    used_ = 0;
    whole_ = size != 0 && index_.run(bytes, size);
    trusting_ = whole_;
    if (!whole_) return;
    find_backslash(bytes);
    count_ = index_.count();
    if (link_capacity_ < count_ + 1) {
      link_capacity_ = std::max<std::size_t>(count_ + count_ / 4 + 1, 4096);
      link_ = std::make_unique_for_overwrite<std::uint32_t[]>(link_capacity_);
    }
    index_.at()[count_] = size_ - 1;  // the last newline: it ends every walk
    slots_ = {bytes, index_.at(), link_.get()};
  }

  bool next(ParsedLine& line) {
    if (start_ >= size_) return false;
    line.fault = Fault();
    if (trusting_ && slots_.at[slot_] == start_ && likely_line(line)) return true;
    careful_line(line);
    return true;
  }

  std::size_t position() const { return start_; }

 private:
  /// The usual line: one array or object from its first byte to its last, a good one. It is walked before its
  /// end is looked for, because the walk leads there. False, and nothing is done, if it turns out to be
  /// anything else.
  bool likely_line(ParsedLine& line) {
    const char* const text = bytes_ + start_;
    if (*text != '{' && *text != '[') return false;
    const std::uint32_t* const at = slots_.at;
    const std::uint32_t after = walk(bytes_, at, link_.get(), slot_);
    if (after == 0) {
      // The walk may have run through many lines. Never again in this block: its time must stay linear.
      trusting_ = false;
      return false;
    }
    const char* const last = bytes_ + at[after - 1] + 1;
    if (has_low_byte(text, last) &&
        std::memchr(text, '\n', static_cast<std::size_t>(last - text)) != nullptr) {
      trusting_ = false;
      return false;
    }
    const char* end = last;
    if (*end == '\r') ++end;
    if (*end != '\n') return false;
    if (backslash_ < last) {
      const auto stop = static_cast<std::uint32_t>(last - bytes_);
      if (!mark_escapes(bytes_, at, link_.get(), slot_, start_, stop)) return false;
      find_backslash(last);
    }
    line.text = {text, static_cast<std::size_t>(end - text)};
    line.value = Node(slots_, slot_);
    start_ = static_cast<std::uint32_t>(end - bytes_) + 1;
    slot_ = after;
    return true;
  }

  void find_backslash(const char* from) {
    const char* const stop = bytes_ + size_;
    const auto* found =
        static_cast<const char*>(std::memchr(from, '\\', static_cast<std::size_t>(stop - from)));
    backslash_ = found != nullptr ? found : stop;
  }

  /// Any line: its end is found first, and a byte '\n' put in the place of the next line's first slot.
  void careful_line(ParsedLine& line) {
    const std::uint32_t from = start_;
    const auto end = static_cast<std::uint32_t>(
        static_cast<const char*>(std::memchr(bytes_ + from, '\n', size_ - from)) - bytes_);
    start_ = end + 1;
    std::uint32_t text = from;
    while (text < end && bytes_[text] == record_separator) ++text;
    line.text = {bytes_ + text, end - text};
    line.value = Node();
    // In simdjson's fallback kernel a string may go on behind a backslash and a line end: what follows is not
    // indexed right.
    if (end != from && bytes_[end - 1] == '\\') whole_ = trusting_ = false;
    const std::uint32_t first = slot_;
    if (whole_) slot_ = skip_to(end);
    if (!whole_ || text != from) {
      by_itself(line, text, end);
      return;
    }
    if (slot_ == first) return;  // blank
    std::uint32_t* const at = index_.at();
    const std::uint32_t kept = std::exchange(at[slot_], end);
    const bool good = walk(bytes_, at, link_.get(), first) == slot_ &&
                      mark_escapes(bytes_, at, link_.get(), first, from, end);
    at[slot_] = kept;
    if (good) {
      line.value = Node(slots_, first);
    } else {
      line.fault = refusal(line.text);
    }
  }

  /// The first slot at or after byte `end`.
  std::uint32_t skip_to(std::uint32_t end) const {
    const std::uint32_t* const at = slots_.at;
    std::uint32_t i = slot_;
    while (i < count_ && at[i] < end) ++i;
    return i;
  }

  /// The line [from, end), which is not in the block's index, or the block has none.
  void by_itself(ParsedLine& line, std::uint32_t from, std::uint32_t end) {
    if (!own_.run(bytes_ + from, end - from)) {
      line.fault = refusal(line.text);
      return;
    }
    const std::uint32_t n = own_.count();
    if (n == 0) return;
    if (own_capacity_ < size_ + std::size_t{1}) {
      own_capacity_ = size_ + std::size_t{1};
      own_at_ = std::make_unique_for_overwrite<std::uint32_t[]>(own_capacity_);
      own_link_ = std::make_unique_for_overwrite<std::uint32_t[]>(own_capacity_);
    }
    // A line has at most as many slots as bytes, and its sentinel takes the place of its newline.
    std::uint32_t* const at = own_at_.get();
    for (std::uint32_t i = 0; i < n; ++i) at[used_ + i] = own_.at()[i] + from;
    at[used_ + n] = end;
    own_slots_ = {bytes_, at, own_link_.get()};
    if (walk(bytes_, at, own_link_.get(), used_) == used_ + n &&
        mark_escapes(bytes_, at, own_link_.get(), used_, from, end)) {
      line.value = Node(own_slots_, used_);
      used_ += n + 1;
    } else {
      line.fault = refusal(line.text);
    }
  }

  const char* bytes_ = nullptr;
  const char* backslash_ = nullptr;  // none from the next line on is before it
  std::uint32_t size_ = 0;
  std::uint32_t start_ = 0;  // of the next line
  std::uint32_t slot_ = 0;   // the first one at or after start_
  std::uint32_t count_ = 0;
  bool whole_ = false;     // index_ covers the block
  bool trusting_ = false;  // no walk in this block ran past its line yet
  Index index_;
  std::unique_ptr<std::uint32_t[]> link_;
  std::size_t link_capacity_ = 0;
  Slots slots_;

  // Lines indexed one by one: their slots, one line after the other.
  Index own_;
  std::unique_ptr<std::uint32_t[]> own_at_;
  std::unique_ptr<std::uint32_t[]> own_link_;
  std::size_t own_capacity_ = 0;
  std::uint32_t used_ = 0;
  Slots own_slots_;
};

LineParser::LineParser() : impl_(std::make_unique<Impl>()) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

void LineParser::open(const char* bytes, std::size_t size) { impl_->open(bytes, size); }
bool LineParser::next(ParsedLine& line) { return impl_->next(line); }
std::size_t LineParser::position() const { return impl_->position(); }

}  // namespace sz::json
