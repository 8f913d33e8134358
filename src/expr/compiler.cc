#include "expr/compiler.h"

#include "expr/code_generator.h"
#include "expr/parser.h"

namespace sz::expr {

Code::Code() = default;
Code::~Code() = default;

std::expected<std::unique_ptr<Code>, SyntaxError> compile(std::string_view source, Heap& heap,
                                                          const Settings& settings) {
  auto tree = parse(source);
  if (!tree) return std::unexpected(std::move(tree.error()));
  return CodeGenerator(source, heap, settings).run(**tree);
}

}  // namespace sz::expr
