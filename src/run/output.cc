#include "run/output.h"

#include <utility>

namespace sz::run {

std::size_t Output::write(std::string_view bytes) {
  if (closed_ || error_) return bytes.size();  // nobody will read it: the run is about to end
  Host::Write result = host_.write(bytes);
  closed_ |= result.closed;
  if (result.error) error_ = std::move(result.error);
  return closed_ || error_ ? bytes.size() : result.size;
}

void Output::flush() {
  if (taken_ < buffer_.size()) taken_ += write(std::string_view(buffer_).substr(taken_));
  stuck_ = taken_ < buffer_.size();
  if (stuck_) return;
  buffer_.clear();
  taken_ = 0;
}

void Output::lines(std::string_view text, Time now) {
  if (buffer_.size() + text.size() >= capacity) flush();
  if (!stuck_ && text.size() >= capacity) {
    text.remove_prefix(write(text));
    stuck_ = !text.empty();
  }
  if (text.empty()) return;
  if (buffer_.empty()) oldest_ = now;
  buffer_.append(text);
}

}  // namespace sz::run
