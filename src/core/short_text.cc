#include "core/short_text.h"

#include <memory>

namespace sz {
namespace {

char* pointer(const char* bytes) {
  char* at = nullptr;
  std::memcpy(&at, bytes, sizeof at);
  return at;
}

}  // namespace

void ShortText::assign_outside(std::string_view text) {
  const std::size_t size = text.size();
  char* const at = std::make_unique_for_overwrite<char[]>(sizeof size + size).release();
  std::memcpy(at, &size, sizeof size);
  std::memcpy(at + sizeof size, text.data(), size);
  std::memcpy(bytes_.data(), &at, sizeof at);
  bytes_[most] = static_cast<char>(outside);
}

std::string_view ShortText::view_outside() const {
  const char* const at = pointer(bytes_.data());
  std::size_t size = 0;
  std::memcpy(&size, at, sizeof size);
  return {at + sizeof size, size};
}

void ShortText::free() {
  const std::unique_ptr<char[]> gone(pointer(bytes_.data()));
  bytes_ = {};
}

}  // namespace sz
