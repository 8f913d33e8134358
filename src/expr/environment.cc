#include "expr/environment.h"

#include <string>
#include <string_view>

#include <unistd.h>

#include "core/utf8.h"
#include "expr/blocks.h"

namespace sz::expr {

namespace {

std::string repaired(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const Decoded d = decode_utf8(text);
    if (d.valid) {
      out += text.substr(0, d.length);
    } else {
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(d.length == 0 ? 1 : d.length);
  }
  return out;
}

}  // namespace

Value environment(Heap& heap) {
  Value out = Value::object(heap);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    out.object_block().set(Value::string(heap, repaired(pair.substr(0, equals))),
                           Value::string(heap, repaired(pair.substr(equals + 1))));
  }
  return out;
}

}  // namespace sz::expr
