#include <utility>

#include "expr/grammar.h"

namespace sz::expr {

// What begins with a word: conditions, try, calls.

ExprPtr Grammar::named(const Token& token) {
  if (token.text == "if") return condition();
  if (token.text == "try") return attempt();
  if (token.text == "reduce" || token.text == "foreach") return fold(token);
  if (token.text == "def") {
    ExprPtr e = definition();
    if (!e) return nullptr;
    ExprPtr rest = expression(Infix::pipe);
    if (!rest) return nullptr;
    e->kids.push_back(std::move(rest));
    return finish(std::move(e));
  }
  if (token.text == "break" && ahead().type == Token::Type::variable) {
    next();
    ExprPtr e = make(Type::break_, token);
    e->text = here().text;
    next();
    return finish(std::move(e));
  }
  if (token.text == "import" || token.text == "include" || token.text == "module")
    return fail(token, "modules are not supported",
                "an expression is whole by itself: sz reads no other files for it");
  if (is_keyword(token.text)) return unexpected();
  next();
  if (token.text == "null") return make(Type::literal_null, token);
  if (token.text == "true") return make(Type::literal_true, token);
  if (token.text == "false") return make(Type::literal_false, token);
  ExprPtr e = make(Type::call, token);
  e->text = token.text;
  if (take("(")) {
    do {
      ExprPtr argument = inside(Infix::pipe);
      if (!argument) return nullptr;
      e->kids.push_back(std::move(argument));
    } while (take(";"));
    if (here().is(",")) return fail(here(), "unexpected token \",\"", "arguments are separated by ;");
    if (!expect(")") || is_slip(*e)) return nullptr;
  }
  // The place of a call is its name; its extent does not matter to anyone.
  const std::size_t length = e->length;
  e = finish(std::move(e));
  if (e) e->length = length;
  return e;
}

ExprPtr Grammar::condition() {
  const Token begin = here();
  next();
  ExprPtr test = inside(Infix::pipe);
  if (!test) return nullptr;
  if (!take_name("then")) return unexpected("\"then\"");
  ExprPtr yes = inside(Infix::pipe);
  if (!yes) return nullptr;
  const Nesting nesting(depth_);
  if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
  ExprPtr no;
  if (here().is_name("elif")) {
    no = condition();  // ends at the same `end`
    if (!no) return nullptr;
    return make(Type::condition, begin.offset, std::move(test), std::move(yes), std::move(no));
  }
  if (take_name("else")) {
    no = inside(Infix::pipe);
    if (!no) return nullptr;
  }
  if (!take_name("end")) return unexpected("\"end\"");
  return make(Type::condition, begin.offset, std::move(test), std::move(yes), std::move(no));
}

ExprPtr Grammar::signed_term() {
  const Token token = here();
  if (!take("-")) return postfix();
  const Nesting nesting(depth_);
  if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
  ExprPtr e = signed_term();
  return e ? make(Type::negate, token.offset, std::move(e)) : nullptr;
}

ExprPtr Grammar::attempt() {
  const Nesting nesting(depth_);
  if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
  const Token begin = here();
  next();
  ExprPtr body = signed_term();
  if (!body) return nullptr;
  if (!take_name("catch")) return make(Type::attempt, begin.offset, std::move(body));
  ExprPtr handler = signed_term();
  if (!handler) return nullptr;
  return make(Type::attempt, begin.offset, std::move(body), std::move(handler));
}

}  // namespace sz::expr
