#include "expr/pool.h"

namespace sz::expr {

void* Pool::take_fresh(std::size_t bytes) {
  const std::size_t size = size_class(bytes);
  return ::operator new(size < sizes ? size * step : bytes);
}

Pool::~Pool() {
  for (Free* piece : free_) {
    while (piece != nullptr) {
      Free* const next = piece->next;
      ::operator delete(piece);
      piece = next;
    }
  }
}

}  // namespace sz::expr
