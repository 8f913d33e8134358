#include "expr/environment.h"

#include <string>
#include <string_view>

#include <unistd.h>

#include "expr/blocks.h"
#include "expr/utf8_text.h"

namespace sz::expr {

Value environment(Heap& heap) {
  Value out = Value::object(heap);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    out.object_block().set(Value::string(heap, repaired(std::string(pair.substr(0, equals)))),
                           Value::string(heap, repaired(std::string(pair.substr(equals + 1)))));
  }
  return out;
}

}  // namespace sz::expr
