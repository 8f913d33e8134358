#include <string>

#include <gtest/gtest.h>

#include "doc/expression_reference.h"
#include "doc/text.h"
#include "expr/program.h"
#include "json/document.h"

namespace sz::doc {
namespace {

// Every example of the reference gives what the page says.
TEST(Expressions, ExamplesAreTrue) {
  std::size_t count = 0;
  for (const ExpressionSection& section : expression_sections())
    for (const ExpressionExample& example : section.examples) {
      ++count;
      auto program = expr::Program::compile(example.program);
      ASSERT_TRUE(program) << example.program << ": " << (program ? "" : program.error().message);
      json::Document document;
      const auto input = document.parse(example.input);
      ASSERT_TRUE(input) << example.input;
      const auto outputs = program->render(*input, Time());
      ASSERT_TRUE(outputs) << example.program << ": " << (outputs ? "" : outputs.error());
      std::string found;
      for (const expr::Rendered& r : *outputs) found.append(found.empty() ? "" : " ").append(r.text);
      EXPECT_EQ(found, example.outputs) << example.program;
    }
  EXPECT_GE(count, 70u);
}

TEST(Expressions, HelpFitsTheTerminal) {
  const std::string page = wrap(expression_help());
  std::size_t at = 0;
  while (at < page.size()) {
    const std::size_t end = page.find('\n', at);
    EXPECT_LE(columns(std::string_view(page).substr(at, end - at)), page_width) << page.substr(at, end - at);
    at = end + 1;
  }
}

}  // namespace
}  // namespace sz::doc
