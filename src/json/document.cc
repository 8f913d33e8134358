#include "json/document.h"

#include <algorithm>
#include <cstring>

#include "json/diagnose.h"
#include "json/index.h"
#include "json/walk.h"

namespace sz::json {
namespace {

constexpr std::size_t padding = 64;

}  // namespace

class Document::Impl {
 public:
  /// False if `text` is not one JSON value.
  bool parse(std::string_view text, std::uint32_t deepest) {
    const std::size_t size = text.size();
    // The text may be a piece of the old one.
    if (capacity_ < size || !bytes_) {
      capacity_ = std::max<std::size_t>(size + size / 4, 192);
      auto bytes = std::make_unique_for_overwrite<char[]>(capacity_ + padding);
      if (size != 0) std::memcpy(bytes.get(), text.data(), size);
      bytes_ = std::move(bytes);
      link_ = std::make_unique_for_overwrite<std::uint32_t[]>(capacity_ + 1);
    } else if (size != 0) {
      std::memmove(bytes_.get(), text.data(), size);
    }
    std::memset(bytes_.get() + size, '\n', padding);
    if (!index_.run(bytes_.get(), size)) return false;
    std::uint32_t* const at = index_.at();
    const std::uint32_t count = index_.count();
    std::fill_n(at + count, Index::sentinels, static_cast<std::uint32_t>(size));
    slots = {bytes_.get(), at, link_.get()};
    return walk(bytes_.get(), at, link_.get(), 0, deepest) == count && count != 0 &&
           mark_escapes(bytes_.get(), at, link_.get(), 0, 0, static_cast<std::uint32_t>(size));
  }

  Slots slots;

 private:
  Index index_;
  std::unique_ptr<char[]> bytes_;
  std::unique_ptr<std::uint32_t[]> link_;
  std::size_t capacity_ = 0;
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

std::expected<Node, Fault> Document::parse(std::string_view text) {
  if (impl_->parse(text, max_depth)) return Node(impl_->slots, 0);
  return std::unexpected(refusal(text));
}

Node Document::parse_valid(std::string_view text) {
  constexpr std::uint32_t any = ~std::uint32_t{0};
  return impl_->parse(text, any) ? Node(impl_->slots, 0) : Node();
}

}  // namespace sz::json
