#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "expr/infix.h"
#include "expr/parser.h"
#include "expr/token_cursor.h"

namespace sz::expr {

/// A word that can name no function.
bool is_keyword(std::string_view name);

/// jq's grammar by recursive descent; one for each expression. Every method takes what it is named after and
/// gives null (or false) after the first error.
class Grammar : private TokenCursor {
 public:
  using TokenCursor::TokenCursor;
  std::expected<ExprPtr, SyntaxError> run();

 private:
  ExprPtr expression(int least);
  // LEFT o RIGHT; a chain of one kind becomes one node. Brackets around its left end change nothing.
  ExprPtr join(const Infix& o, std::size_t offset, ExprPtr left, ExprPtr right);
  ExprPtr operand();
  // Is there a definition of that name anywhere?
  bool defines(std::string_view name) const;
  // What is jq, but always fails or is never meant: fails here, with the way out.
  bool is_slip(const Infix& o, const Expr& left, const Expr& right);
  bool is_slip(const Expr& call);
  // An expression inside brackets, where a comma is the operator again.
  ExprPtr inside(int least);

  // In grammar_bindings.cc: what names things.
  bool patterns(Expr& e);
  std::unique_ptr<Pattern> pattern();
  std::unique_ptr<Pattern> object_pattern();
  ExprPtr definition();
  ExprPtr fold(const Token& begin);

  // In grammar_terms.cc: terms and their suffixes.
  ExprPtr term();
  ExprPtr postfix();
  ExprPtr keyed(std::size_t offset, ExprPtr subject, ExprPtr key);
  ExprPtr bracket(std::size_t offset, ExprPtr subject);

  // In grammar_literals.cc: strings and objects.
  ExprPtr string(std::string format);
  ExprPtr object(const Token& begin);

  // In grammar_control.cc: what begins with a word.
  ExprPtr named(const Token& token);
  ExprPtr condition();
  // What operators join, and what try, catch, as, reduce and foreach take: one term with its suffixes,
  // negated or not.
  ExprPtr signed_term();
  ExprPtr attempt();
};

}  // namespace sz::expr
