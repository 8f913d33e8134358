#include <string>

#include "expr/program.h"
#include "fuzz/fuzz.h"

// A program: it compiles, or the error's place lies in it.

using namespace sz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source(fuzz::text(data, size));
  const auto program = expr::Program::compile(source);
  if (!program) {
    fuzz::require(program.error().offset + program.error().length <= source.size());
    fuzz::require(!program.error().message.empty());
  }
  return 0;
}
