#include "json/index.h"

#include <algorithm>
#include <new>

#include <simdjson.h>

namespace sz::json {

class Index::Impl {
 public:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

Index::Index() : impl_(std::make_unique<Impl>()) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

bool Index::run(const char* bytes, std::size_t size) {
  auto& parser = impl_->parser;
  if (!parser || parser->capacity() < size) {
    const std::size_t capacity = std::max<std::size_t>(size + size / 4, 256);
    const auto error =
        parser ? parser->set_capacity(capacity)
               : simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, parser);
    if (error) throw std::bad_alloc();
  }
  const auto error =
      parser->stage1(reinterpret_cast<const std::uint8_t*>(bytes), size, simdjson::stage1_mode::regular);
  at_ = parser->structural_indexes.get();
  count_ = error == simdjson::EMPTY ? 0 : parser->n_structural_indexes;
  return error == simdjson::SUCCESS || error == simdjson::EMPTY;
}

}  // namespace sz::json
