#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sz::doc {

/// One line of the reference: `program` on `input` gives `outputs`, one a line. The tests run every one.
struct ExpressionExample {
  std::string_view program;
  std::string_view input;
  std::string_view outputs;  ///< parted by blanks where the page shows them
};

/// A chapter of the reference of the expression language.
struct ExpressionSection {
  std::string_view title;
  std::string_view text;  ///< paragraphs as wrap() takes them
  std::span<const ExpressionExample> examples = {};
};

std::span<const ExpressionSection> expression_sections();

/// All of it as text, for `sz help expressions`.
const std::string& expression_help();

/// man/sz-expr.7 in mdoc(7).
std::string expression_manual();

}  // namespace sz::doc
