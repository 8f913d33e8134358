#include "expr/operators.h"

#include <array>

#include <fmt/format.h>

#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"

namespace sz::expr {

std::optional<Operator> operator_of(std::string_view symbol) {
  static constexpr std::array<std::string_view, 11> symbols = {
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="};
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (symbols[i] == symbol) return static_cast<Operator>(i);
  return std::nullopt;
}

bool satisfies(Operator op, int order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::unequal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_equal:
      return order >= 0;
    default:
      return false;
  }
}

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::less:
      return Operator::greater;
    case Operator::less_equal:
      return Operator::greater_equal;
    case Operator::greater:
      return Operator::less;
    case Operator::greater_equal:
      return Operator::less_equal;
    default:
      return op;
  }
}

Value apply(Context& context, Operator op, Value a, Value b) {
  switch (op) {
    case Operator::add:
      return add(context, std::move(a), std::move(b));
    case Operator::subtract:
      return subtract(context, std::move(a), std::move(b));
    case Operator::multiply:
      return multiply(context, std::move(a), std::move(b));
    case Operator::divide:
      return divide(context, std::move(a), std::move(b));
    case Operator::modulo:
      return modulo(context, std::move(a), std::move(b));
    case Operator::equal:
      return Value::boolean(equal(a, b));
    case Operator::unequal:
      return Value::boolean(!equal(a, b));
    default:
      return Value::boolean(satisfies(op, compare(a, b)));
  }
}

Value insert(Context& context, Value object, const Value& key, Value v) {
  if (!key.is_string())
    return context.fail(fmt::format("Cannot use {} ({}) as object key", kind_name(key), preview(key)));
  object = own_object(context.heap, std::move(object));
  object.object_block().set(plain_string(context.heap, key), std::move(v));
  return context.grown(std::move(object));
}

}  // namespace sz::expr
