#include "plan/registry.h"

#include <algorithm>

namespace sz::plan {

const Declaration* find_stage(std::string_view name, Declarations among) {
  for (const Declaration* stage : among)
    if (stage->name == name || std::ranges::find(stage->aliases, name) != stage->aliases.end()) return stage;
  return nullptr;
}

const OptionDeclaration* find_option(std::string_view name, std::span<const OptionDeclaration> among) {
  for (const OptionDeclaration& option : among)
    if (option.name == name ||
        (option.letter && name.size() == 2 && name[0] == '-' && name[1] == option.letter))
      return &option;
  return nullptr;
}

}  // namespace sz::plan
