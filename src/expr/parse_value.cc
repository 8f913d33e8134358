#include "expr/parse_value.h"

#include <string>

#include "expr/blocks.h"
#include "json/document.h"

namespace sz::expr {

using json::Kind;

Value copy_value(Heap& heap, const json::Node& node) {
  switch (node.kind()) {
    case Kind::null:
      return Value();
    case Kind::boolean:
      return Value::boolean(node.boolean());
    case Kind::number: {
      const json::Number n = json::to_number(node.raw());
      return n.integer ? Value::integer(n.i) : Value::number(heap, node.raw());
    }
    case Kind::string: {
      std::string scratch;
      return Value::string(heap, std::string(node.string(scratch)));
    }
    case Kind::array: {
      Value out = Value::array(heap);
      for (const json::Node e : node.elements()) out.array_block().push(copy_value(heap, e));
      return out;
    }
    case Kind::object: {
      Value out = Value::object(heap);
      std::string scratch;
      for (const auto& m : node.members())
        out.object_block().set(Value::string(heap, std::string(m.key.string(scratch))),
                               copy_value(heap, m.value));
      return out;
    }
  }
  return Value();
}

Value parse_value(Heap& heap, std::string_view json) {
  json::Document document;
  const auto parsed = document.parse(json);
  return parsed ? copy_value(heap, *parsed) : Value();
}

}  // namespace sz::expr
