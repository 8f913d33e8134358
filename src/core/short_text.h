#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace sz {

/// Text that it owns, in 16 bytes: up to 15 bytes lie in the object itself, longer ones on the heap. Half a
/// std::string, for what may be there by the million.
class ShortText {
 public:
  ShortText() = default;
  ShortText(ShortText&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  ShortText& operator=(ShortText&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ShortText(const ShortText&) = delete;
  ShortText& operator=(const ShortText&) = delete;
  ~ShortText() {
    if (tag() == outside) free();
  }

  /// `text` is no part of what it holds.
  void assign(std::string_view text) {
    if (tag() == outside) free();
    if (text.size() > most) return assign_outside(text);
    if (!text.empty()) std::memcpy(bytes_.data(), text.data(), text.size());
    bytes_[most] = static_cast<char>(text.size());
  }
  /// Valid until it is moved or assigned to.
  std::string_view view() const {
    return tag() == outside ? view_outside() : std::string_view(bytes_.data(), tag());
  }

 private:
  static constexpr std::size_t most = 15;
  static constexpr std::size_t outside = most + 1;  // then a pointer comes first: to the length and the text
  std::size_t tag() const { return static_cast<unsigned char>(bytes_[most]); }
  void assign_outside(std::string_view text);
  std::string_view view_outside() const;
  void free();

  alignas(8) std::array<char, most + 1> bytes_ = {};  // the last one says how many, or `outside`
};

}  // namespace sz
