#include "doc/readme.h"

#include <fmt/format.h>

namespace sz::doc {
namespace {

constexpr std::string_view begin = "<!-- stages -->\n", end = "<!-- end of stages -->\n";

std::string table(plan::Declarations stages) {
  std::string all = "| stage | what it does |\n|---|---|\n";
  std::string_view section;
  for (const Declaration* stage : stages) {
    if (stage->section != section) all += fmt::format("| **{}** | |\n", stage->section);
    section = stage->section;
    all += fmt::format("| `{}`", stage->name);
    for (const std::string_view alias : stage->aliases) all += fmt::format(", `{}`", alias);
    all += fmt::format(" | {} |\n", stage->summary);
  }
  return all;
}

}  // namespace

std::optional<std::string> readme(std::string_view text, plan::Declarations stages) {
  const std::size_t first = text.find(begin), last = text.find(end);
  if (first == std::string_view::npos || last == std::string_view::npos || last < first) return std::nullopt;
  std::string all(text.substr(0, first + begin.size()));
  all += table(stages);
  return all.append(text.substr(last));
}

}  // namespace sz::doc
