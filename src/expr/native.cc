#include "expr/native.h"

#include <array>
#include <vector>

namespace sz::expr {

std::span<const Native> natives() {
  static const std::vector<Native> all = [] {
    std::vector<Native> out;
    for (const auto part : {general_natives(), text_natives(), number_natives(), array_natives(),
                            regex_natives(), math_natives(), date_natives(), format_natives(),
                            position_natives(), run_natives(), entries_natives()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

const Native* find_native(std::string_view name, std::size_t arity) {
  for (const Native& n : natives())
    if (n.name == name && n.arity == arity) return &n;
  return nullptr;
}

}  // namespace sz::expr
