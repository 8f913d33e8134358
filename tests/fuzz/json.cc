#include <string>

#include "expr/value.h"
#include "fuzz/fuzz.h"
#include "json/document.h"

// One JSON value: what is accepted can be walked, prints as JSON again, and is equal to what it prints.

using namespace sz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  json::Document document, again;
  const auto node = document.parse(fuzz::text(data, size));
  if (!node) return 0;
  const expr::Value value = expr::Value::of(*node);
  std::string compact, canonical, second;
  value.append_compact(compact, std::size_t{1} << 30);
  value.append_canonical(canonical);
  const auto parsed = again.parse(compact);
  fuzz::require(parsed.has_value());
  expr::Value::of(*parsed).append_canonical(second);
  fuzz::require(canonical == second);
  return 0;
}
