#include <utility>

#include "expr/grammar.h"

namespace sz::expr {

// Terms and their suffixes.

ExprPtr Grammar::term() {
  const Token token = here();
  switch (token.type) {
    case Token::Type::number: {
      next();
      ExprPtr e = make(Type::number, token);
      e->text = token.text;
      return e;
    }
    case Token::Type::field: {
      next();
      ExprPtr e = make(Type::field, token.offset, ExprPtr());
      if (e) e->text = token.text;
      return e;
    }
    case Token::Type::string_begin:
      return string("");
    case Token::Type::format: {
      next();
      if (here().type == Token::Type::string_begin) return string(token.text);
      ExprPtr e = make(Type::format, token);
      e->text = token.text;
      return e;
    }
    case Token::Type::variable: {
      next();
      ExprPtr e = make(Type::variable, token);
      e->text = token.text;
      return e;
    }
    case Token::Type::name:
      return named(token);
    case Token::Type::symbol:
      break;
    default:
      return unexpected();
  }
  if (take("..")) return make(Type::recurse_all, token);
  if (take(".")) {
    if (here().type == Token::Type::string_begin) {
      ExprPtr key = string("");
      return key ? keyed(token.offset, nullptr, std::move(key)) : nullptr;
    }
    if (here().is("[")) return bracket(token.offset, nullptr);
    if (here().type == Token::Type::number && here().offset == token.offset + 1) return unexpected();
    return make(Type::identity, token);
  }
  if (take("(")) {
    ExprPtr e = inside(Infix::pipe);
    if (!e || !expect(")")) return nullptr;
    return e;
  }
  if (take("[")) {
    if (take("]")) return make(Type::array, token.offset);
    ExprPtr body = inside(Infix::pipe);
    if (!body || !expect("]")) return nullptr;
    return make(Type::array, token.offset, std::move(body));
  }
  if (take("{")) return object(token);
  return unexpected();
}

ExprPtr Grammar::postfix() {
  const std::size_t offset = here().offset;
  bool access = here().is(".") || here().type == Token::Type::field;
  ExprPtr e = term();
  while (e) {
    const Token token = here();
    if (token.type == Token::Type::field) {
      if (e->type == Type::call && e->text == "not" && e->kids.empty())
        return fail(token, fmt::format("\"not\" has no field .{}", quote(token.text)),
                    fmt::format("it works on its input: .{} | not", quote(token.text)));
      next();
      e = make(Type::field, offset, std::move(e));
      if (e) e->text = token.text;
    } else if (token.is(".") && ahead().type == Token::Type::string_begin) {
      next();
      ExprPtr key = string("");
      if (!key) return nullptr;
      e = keyed(offset, std::move(e), std::move(key));
    } else if (token.is(".") && ahead().is("[")) {
      next();
      e = bracket(offset, std::move(e));
    } else if (token.is("[")) {
      e = bracket(offset, std::move(e));
    } else if (token.is("?")) {
      // After a path's suffix it concerns that access alone, not what comes before it.
      next();
      if (access && e->type != Type::identity) {
        e->optional = true;
        e->length = token.offset + token.length - e->offset;
      } else {
        e = make(Type::attempt, offset, std::move(e));
      }
      access = false;
      continue;
    } else {
      break;
    }
    access = true;
  }
  return e;
}

ExprPtr Grammar::keyed(std::size_t offset, ExprPtr subject, ExprPtr key) {
  if (key->type == Type::string) {
    std::string name = key->text;
    ExprPtr e = make(Type::field, offset, std::move(subject));
    if (e) e->text = std::move(name);
    return e;
  }
  return make(Type::index, offset, std::move(subject), std::move(key));
}

ExprPtr Grammar::bracket(std::size_t offset, ExprPtr subject) {
  next();
  if (take("]")) return make(Type::iterate, offset, std::move(subject));
  ExprPtr from;
  if (!here().is(":")) {
    from = inside(Infix::pipe);
    if (!from) return nullptr;
    if (take("]")) return keyed(offset, std::move(subject), std::move(from));
  }
  if (!take(":")) return unexpected("\"]\"");
  ExprPtr to;
  if (!here().is("]")) {
    to = inside(Infix::pipe);
    if (!to) return nullptr;
  } else if (!from) {
    return unexpected("a number");
  }
  if (!expect("]")) return nullptr;
  return make(Type::slice, offset, std::move(subject), std::move(from), std::move(to));
}

}  // namespace sz::expr
