#include "expr/condition.h"

#include <fmt/format.h>

#include "expr/argument.h"
#include "expr/parser.h"

namespace sz::expr {
namespace {

/// The assignment that an expression's outputs come of, or nullptr. `. = x` may well be false.
const Expr* assignment(const Expr& expression) {
  if (expression.type == Expr::Type::pipe) return assignment(*expression.kids.back());
  const bool found = expression.type == Expr::Type::assign && expression.text == "=" &&
                     expression.kids.front()->type != Expr::Type::identity;
  return found ? &expression : nullptr;
}

}  // namespace

std::expected<void, PlanError> check_condition(const Arguments& arguments, std::string_view name) {
  const auto source = arguments.text(name);
  if (!source) return {};
  const auto parsed = parse(*source);
  const Expr* const found = parsed ? assignment(**parsed) : nullptr;
  if (found == nullptr) return {};
  const bool in_file = arguments.given(file_of(name));
  return std::unexpected(arguments.error(name, "= sets a value, so this condition always holds",
                                         "== compares", in_file ? 0 : found->offset,
                                         in_file ? 0 : found->length));
}

}  // namespace sz::expr
