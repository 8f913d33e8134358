#include "expr/infix.h"

#include <array>

namespace sz::expr {

namespace {

using Side = Infix::Side;
using Type = Expr::Type;

constexpr std::array<Infix, 24> operators = {{
    {"|", Infix::pipe, Side::chain, Type::pipe},
    {",", Infix::comma, Side::chain, Type::comma},
    {"//", Infix::alternative, Side::chain, Type::alternative},
    {"=", Infix::assignment, Side::none, Type::assign},
    {"|=", Infix::assignment, Side::none, Type::assign},
    {"+=", Infix::assignment, Side::none, Type::assign},
    {"-=", Infix::assignment, Side::none, Type::assign},
    {"*=", Infix::assignment, Side::none, Type::assign},
    {"/=", Infix::assignment, Side::none, Type::assign},
    {"%=", Infix::assignment, Side::none, Type::assign},
    {"//=", Infix::assignment, Side::none, Type::assign},
    {"==", Infix::comparison, Side::none, Type::binary},
    {"!=", Infix::comparison, Side::none, Type::binary},
    {"<", Infix::comparison, Side::none, Type::binary},
    {"<=", Infix::comparison, Side::none, Type::binary},
    {">", Infix::comparison, Side::none, Type::binary},
    {">=", Infix::comparison, Side::none, Type::binary},
    {"+", Infix::sum, Side::chain, Type::binary},
    {"-", Infix::sum, Side::chain, Type::binary},
    {"*", Infix::product, Side::chain, Type::binary},
    {"/", Infix::product, Side::chain, Type::binary},
    {"%", Infix::product, Side::chain, Type::binary},
    {"or", Infix::disjunction, Side::chain, Type::or_},
    {"and", Infix::conjunction, Side::chain, Type::and_},
}};

}  // namespace

const Infix* find_infix(const Token& token) {
  if (token.type != Token::Type::symbol && token.type != Token::Type::name) return nullptr;
  for (const Infix& o : operators)
    if (o.symbol == token.text) return &o;
  return nullptr;
}

Infix::Strength strength_of(std::string_view symbol) {
  for (const Infix& o : operators)
    if (o.symbol == symbol) return o.strength;
  return Infix::pipe;
}

}  // namespace sz::expr
