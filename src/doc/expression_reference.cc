#include "doc/expression_reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "doc/mdoc.h"
#include "doc/text.h"
#include "expr/suggest.h"

namespace sz::doc {

namespace {

/// `  PROGRAM   INPUT -> OUTPUTS`, in two lines where one is too long.
std::string shown(const ExpressionExample& example) {
  constexpr std::size_t column = 34;
  const std::string right = fmt::format("{}  ->  {}", example.input, example.outputs);
  const std::size_t width = columns(example.program);
  if (width < column - 1 && column + columns(right) <= page_width - 2)
    return fmt::format("  {}{}{}\n", example.program, std::string(column - width, ' '), right);
  return fmt::format("  {}\n      {}\n", example.program, right);
}

std::string shown(std::span<const ExpressionExample> examples) {
  std::string all;
  for (const ExpressionExample& example : examples) all += shown(example);
  return all;
}

std::string all_functions() {
  std::string list;
  for (const std::string_view name : expr::function_names())
    list.append(list.empty() ? "" : " ").append(name);
  return list.append(".");
}

}  // namespace

const std::string& expression_help() {
  static const std::string text = [] {
    std::string all;
    for (const ExpressionSection& section : expression_sections()) {
      if (!all.empty()) all += fmt::format("\n{}\n\n", upper(section.title));
      if (!section.text.empty()) all.append(section.text).append("\n\n");
      all += shown(section.examples);
    }
    return all.append("\nFUNCTIONS\n\n").append(all_functions());
  }();
  return text;
}

std::string expression_manual() {
  Mdoc page;
  for (const char* line : {"Dd November 23, 2026", "Dt SZ-EXPR 7", "Os", "Sh NAME", "Nm sz-expr"})
    page.macro(line);
  page.macro("Nd the expression language of sz");
  page.macro("Sh DESCRIPTION");
  bool first = true;
  for (const ExpressionSection& section : expression_sections()) {
    if (!first) page.macro(fmt::format("Sh {}", upper(section.title)));
    first = false;
    page.paragraphs(section.text);
    if (section.examples.empty()) continue;
    page.literal(shown(section.examples));
  }
  page.macro("Sh FUNCTIONS");
  page.paragraphs(all_functions());
  page.macro("Sh SEE ALSO");
  page.macro("Xr jq 1 ,");
  page.macro("Xr sz 1");
  return ".\\\" Made from src/doc/expression_sections.cc: do not edit.\n" + page.take();
}

}  // namespace sz::doc
