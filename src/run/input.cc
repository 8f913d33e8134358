#include "run/input.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "run/input_name.h"
#include "run/os.h"

namespace sz::run {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// Of a line over --max-line so much is kept.
constexpr std::size_t kept_of_too_long = std::size_t{4} << 10;
/// Readable behind the bytes of a block, and room for a missing last '\n'.
constexpr std::size_t slack = 64 + 1;

struct Buffer {
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;  ///< without the slack
};

}  // namespace

/// Reads some of the inputs one after the other, in one slot of the host.
class Input::Reader {
 public:
  /// `first`: the number of the first of `paths`, lent, among all inputs.
  Reader(Host& host, std::size_t slot, std::span<const std::string> paths, std::size_t first,
         std::size_t max_line, std::size_t block_size)
      : host_(host),
        slot_(slot),
        paths_(paths),
        first_(static_cast<std::uint32_t>(first)),
        max_line_(max_line),
        block_size_(std::max<std::size_t>(block_size, 1)) {}
  ~Reader() {
    if (open_) host_.close_input(slot_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  State next(Block& block);

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    torn_ = torn_ || open_;
    close();
  }

  std::vector<std::string> take_errors() { return std::exchange(errors_, {}); }
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  void take_back(Block& block);
  Buffer fresh(std::size_t capacity);
  void make_room();
  bool open_next();
  void close();
  bool fill();
  bool cut(Block& block);
  bool skip_long(Block& block);
  bool cut_last(Block& block);
  void hand_out(Block& block, std::size_t end);
  void hand_out_long(Block& block, bool torn);
  void start_long();
  bool mark_undecided();

  std::string_view unread() const { return {data_.bytes.get() + head_, filled_ - head_}; }

  Host& host_;
  std::size_t slot_;
  std::span<const std::string> paths_;
  std::uint32_t first_;
  std::size_t max_line_;
  std::size_t block_size_;

  std::vector<Buffer> spare_;
  Buffer data_;
  std::size_t head_ = 0;     ///< what lies before is handed out
  std::size_t filled_ = 0;   ///< what lies behind is free
  std::size_t scanned_ = 0;  ///< in [head_, scanned_) is no line end

  std::uint32_t opened_ = 0;  ///< how many of paths_ had their turn
  std::uint64_t offset_ = 0;  ///< of head_ in the file
  bool open_ = false;
  bool file_over_ = false;  ///< the file was read to its end, but its last line is still here
  bool at_start_ = false;   ///< a byte order mark could still come
  bool torn_ = false;       ///< what is left is no whole line
  bool stopped_ = false;
  std::optional<std::string> long_;  ///< the start of a line that is being passed over
  std::uint64_t long_size_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::vector<std::string> errors_;
};

void Input::Reader::take_back(Block& block) {
  // A few suffice for the pool; one that a long line blew up is given to the system.
  if (block.buffer && block.capacity >= block_size_ && block.capacity <= 2 * block_size_ && spare_.size() < 8)
    spare_.push_back({std::move(block.buffer), block.capacity});
  block = Block{};
}

Buffer Input::Reader::fresh(std::size_t capacity) {
  for (Buffer& spare : spare_) {
    if (spare.capacity < capacity) continue;
    std::swap(spare, spare_.back());
    Buffer found = std::move(spare_.back());
    spare_.pop_back();
    return found;
  }
  return {std::make_unique_for_overwrite<char[]>(capacity + slack), capacity};
}

/// Leaves room for a read that is worth its call.
void Input::Reader::make_room() {
  const std::size_t least = std::max<std::size_t>(block_size_ / 4, 1);
  if (data_.capacity - filled_ >= least) return;
  const std::size_t held = filled_ - head_;
  Buffer larger = fresh(held + least <= block_size_ ? block_size_ : held + std::min(held, max_line_) + least);
  if (held != 0) std::memcpy(larger.bytes.get(), data_.bytes.get() + head_, held);
  std::swap(data_, larger);
  scanned_ -= head_;
  filled_ = held;
  head_ = 0;
}

bool Input::Reader::open_next() {
  while (opened_ < paths_.size()) {
    const std::string& path = paths_[opened_++];
    const auto opened = host_.open_input(slot_, path);
    if (opened) {
      open_ = at_start_ = true;
      offset_ = 0;
      return true;
    }
    errors_.push_back(opened.error().message);
  }
  return false;
}

void Input::Reader::close() {
  if (open_) host_.close_input(slot_);
  open_ = false;
}

/// Reads once. False if nothing is there yet.
bool Input::Reader::fill() {
  make_room();
  const Host::Read got = host_.read(slot_, std::span(data_.bytes.get() + filled_, data_.capacity - filled_));
  switch (got.state) {
    case Host::ReadState::bytes:
      filled_ += got.size;
      bytes_read_ += got.size;
      return true;
    case Host::ReadState::later:
      return false;
    case Host::ReadState::failed:
      errors_.push_back(fmt::format("cannot read {}: {}", input_name(paths_[opened_ - 1]), got.error));
      torn_ = true;
      break;
    case Host::ReadState::end:
      break;
  }
  close();
  file_over_ = true;
  return true;
}

/// True while what is there may be the beginning of a byte order mark; drops a whole one.
bool Input::Reader::mark_undecided() {
  const std::string_view there = unread();
  if (there.size() < byte_order_mark.size() && byte_order_mark.starts_with(there) && open_) return true;
  at_start_ = false;
  if (there.starts_with(byte_order_mark)) {
    head_ += byte_order_mark.size();
    offset_ += byte_order_mark.size();
    scanned_ = std::max(scanned_, head_);
  }
  return false;
}

/// The whole lines that are there, up to the first one that is too long.
bool Input::Reader::cut(Block& block) {
  if (long_) return skip_long(block);
  if (at_start_ && mark_undecided()) return false;
  const char* const bytes = data_.bytes.get();
  std::size_t line = head_;  // the end of what can be handed out
  for (;;) {
    const std::size_t reach = filled_ - line > max_line_ ? line + max_line_ + 1 : filled_;
    const std::size_t from = std::max(line, scanned_);
    const char* const last = from < reach ? find_last(bytes + from, bytes + reach, '\n') : nullptr;
    if (last != nullptr) {
      line = scanned_ = static_cast<std::size_t>(last - bytes) + 1;
      continue;
    }
    scanned_ = std::max(scanned_, reach);
    if (line > head_) {
      hand_out(block, line);
      return true;
    }
    if (reach - line <= max_line_) return false;
    start_long();
    return skip_long(block);
  }
}

void Input::Reader::start_long() {
  long_.emplace();
  long_size_ = 0;
}

/// Passes over what is there of a line that is too long; true at its end.
bool Input::Reader::skip_long(Block& block) {
  const std::string_view there = unread();
  const std::size_t end = there.find('\n');
  const std::size_t passed = std::min(end, there.size());
  if (long_->size() < kept_of_too_long && long_size_ == long_->size())
    long_->append(there.substr(0, std::min(passed, kept_of_too_long - long_->size())));
  long_size_ += passed;
  head_ += passed;
  if (end == std::string_view::npos) {
    head_ = filled_ = scanned_ = 0;
    return false;
  }
  hand_out_long(block, false);
  ++head_;
  ++offset_;
  scanned_ = head_;
  return true;
}

void Input::Reader::hand_out_long(Block& block, bool torn) {
  Buffer copy = fresh(block_size_ < kept_of_too_long ? kept_of_too_long : block_size_);
  std::memcpy(copy.bytes.get(), long_->data(), long_->size());
  block.buffer = std::move(copy.bytes);
  block.capacity = copy.capacity;
  block.bytes = block.buffer.get();
  block.size = long_->size();
  block.source = first_ + opened_ - 1;
  block.offset = offset_;
  block.too_long = long_size_;
  block.torn = torn;
  offset_ += long_size_;
  long_.reset();
}

/// What is left of a file that is over, or of the input that was stopped.
bool Input::Reader::cut_last(Block& block) {
  if (long_) {
    hand_out_long(block, torn_);
    head_ = filled_ = scanned_ = 0;
    return true;
  }
  if (head_ == filled_) return false;
  if (!torn_) {
    data_.bytes[filled_++] = '\n';  // the slack has room for it
    hand_out(block, filled_);
    return true;
  }
  hand_out(block, filled_);
  block.torn = true;
  return true;
}

/// Gives [head_, end) away with the buffer; the rest moves to another one.
void Input::Reader::hand_out(Block& block, std::size_t end) {
  const std::size_t rest = filled_ - end;
  Buffer following;
  if (rest != 0) {
    following = fresh(std::max(block_size_, rest));
    std::memcpy(following.bytes.get(), data_.bytes.get() + end, rest);
  }
  block.bytes = data_.bytes.get() + head_;
  block.size = end - head_;
  block.buffer = std::move(data_.bytes);
  block.capacity = data_.capacity;
  block.source = first_ + opened_ - 1;
  block.offset = offset_;
  offset_ += block.size;
  scanned_ = scanned_ > end ? scanned_ - end : 0;
  head_ = 0;
  filled_ = rest;
  data_ = std::move(following);
}

Input::State Input::Reader::next(Block& block) {
  take_back(block);
  for (;;) {
    if (head_ < filled_ && cut(block)) return State::block;
    if (stopped_ || file_over_) {
      if (cut_last(block)) return State::block;
      head_ = filled_ = scanned_ = 0;
      file_over_ = torn_ = false;
      if (stopped_) return State::end;
    }
    if (!open_ && !open_next()) return State::end;
    if (!fill()) return State::later;
  }
}

Input::Input(Host& host, std::vector<std::string> paths, std::size_t max_line, std::size_t block_size,
             Order order)
    : paths_(std::move(paths)) {
  const std::span<const std::string> all(paths_);
  const std::size_t readers = order == Order::at_once ? all.size() : 1;
  const std::size_t each = order == Order::at_once ? 1 : all.size();
  for (std::size_t i = 0; i < readers; ++i)
    readers_.push_back(
        std::make_unique<Reader>(host, i, all.subspan(i * each, each), i * each, max_line, block_size));
  over_.resize(order == Order::at_once ? readers : 0);
}
Input::~Input() = default;
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;

Input::State Input::next(Block& block) {
  if (over_.empty()) return readers_.front()->next(block);
  bool later = false;
  for (std::size_t n = 0; n < readers_.size(); ++n) {
    const std::size_t i = turn_;
    turn_ = turn_ + 1 == readers_.size() ? 0 : turn_ + 1;
    const State state = next_of(i, block);
    if (state == State::block) return state;
    later |= state == State::later;
  }
  return later ? State::later : State::end;
}

Input::State Input::next_of(std::size_t source, Block& block) {
  const State state = readers_[source]->next(block);
  if (state == State::end && !over_[source]) {
    over_[source] = true;
    ended_.push_back(paths_[source]);
  }
  return state;
}

void Input::stop() {
  for (const auto& reader : readers_) reader->stop();
}

std::vector<std::string> Input::take_errors() {
  std::vector<std::string> all;
  for (const auto& reader : readers_) {
    std::vector<std::string> errors = reader->take_errors();
    std::ranges::move(errors, std::back_inserter(all));
  }
  return all;
}

std::vector<std::string> Input::take_ended() { return std::exchange(ended_, {}); }
const std::vector<std::string>& Input::sources() const { return paths_; }

std::uint64_t Input::bytes_read() const {
  std::uint64_t sum = 0;
  for (const auto& reader : readers_) sum += reader->bytes_read();
  return sum;
}

}  // namespace sz::run
