#include "expr/environment.h"

#include <string>
#include <string_view>

#include "expr/blocks.h"
#include "expr/utf8_text.h"

namespace sz::expr {

Value environment(Heap& heap, const char* const* variables) {
  Value out = Value::object(heap);
  for (; variables != nullptr && *variables != nullptr; ++variables) {
    const std::string_view pair = *variables;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    out.object_block().set(Value::string(heap, repaired(std::string(pair.substr(0, equals)))),
                           Value::string(heap, repaired(std::string(pair.substr(equals + 1)))));
  }
  return out;
}

}  // namespace sz::expr
