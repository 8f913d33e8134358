#include <utility>

#include "expr/grammar.h"

namespace sz::expr {

// Patterns, definitions, reduce and foreach.

bool Grammar::patterns(Expr& e) {
  for (;;) {
    auto p = pattern();
    if (!p) return false;
    e.patterns.push_back(std::move(*p));
    if (!(here().is("?") && ahead().is("//"))) return true;
    next();
    next();
  }
}

std::unique_ptr<Pattern> Grammar::pattern() {
  const Nesting nesting(depth_);
  auto p = std::make_unique<Pattern>();
  if (depth_ > max_nesting) {
    fail(here(), "expression nested too deep");
    return nullptr;
  }
  if (here().type == Token::Type::variable) {
    p->name = here().text;
    next();
    return p;
  }
  if (take("[")) {
    p->type = Pattern::Type::array;
    do {
      auto value = pattern();
      if (!value) return nullptr;
      p->entries.push_back({"", nullptr, std::move(value)});
    } while (take(","));
    return expect("]") ? std::move(p) : nullptr;
  }
  if (take("{")) return object_pattern();
  unexpected("a pattern: $name, [...] or {...}");
  return nullptr;
}

std::unique_ptr<Pattern> Grammar::object_pattern() {
  auto p = std::make_unique<Pattern>();
  p->type = Pattern::Type::object;
  do {
    Pattern::Entry entry;
    const Token token = here();
    if (token.type == Token::Type::variable) entry.variable = token.text;
    if (token.type == Token::Type::variable || token.type == Token::Type::name) {
      next();
      entry.key = make(Type::string, token);
      entry.key->text = token.text;
    } else if (token.type == Token::Type::string_begin) {
      entry.key = string("");
    } else if (take("(")) {
      entry.key = inside(Infix::pipe);
      if (!entry.key || !expect(")")) return nullptr;
    } else {
      unexpected("a key");
    }
    if (!entry.key) return nullptr;
    if (take(":")) {
      entry.value = pattern();
      if (!entry.value) return nullptr;
    } else if (entry.variable.empty()) {
      unexpected("\":\"");
      return nullptr;
    }
    p->entries.push_back(std::move(entry));
  } while (take(","));
  return expect("}") ? std::move(p) : nullptr;
}

ExprPtr Grammar::definition() {
  ExprPtr e = make(Type::define, here());
  next();
  if (here().type != Token::Type::name || is_keyword(here().text)) return unexpected("a name");
  e->text = here().text;
  next();
  if (take("(")) {
    do {
      if (here().type == Token::Type::variable) {
        e->names.push_back("$" + here().text);
      } else if (here().type == Token::Type::name) {
        e->names.push_back(here().text);
      } else {
        return unexpected("a parameter");
      }
      next();
    } while (take(";"));
    if (!expect(")")) return nullptr;
  }
  if (!expect(":")) return nullptr;
  ExprPtr body = inside(Infix::pipe);
  if (!body || !expect(";")) return nullptr;
  e->kids.push_back(std::move(body));
  return e;
}

ExprPtr Grammar::fold(const Token& begin) {
  next();
  ExprPtr e = make(begin.text == "reduce" ? Type::reduce : Type::foreach, begin);
  ExprPtr source = signed_term();
  if (!source) return nullptr;
  e->kids.push_back(std::move(source));
  if (!take_name("as")) return unexpected("\"as\"");
  if (!patterns(*e) || !expect("(")) return nullptr;
  const std::size_t most = e->type == Type::reduce ? 2 : 3;
  for (std::size_t i = 0; i < most; ++i) {
    if (i > 0 && !take(";")) {
      if (i == 2) break;
      return unexpected("\";\"");
    }
    ExprPtr part = inside(Infix::pipe);
    if (!part) return nullptr;
    e->kids.push_back(std::move(part));
  }
  if (!expect(")")) return nullptr;
  return finish(std::move(e));
}

}  // namespace sz::expr
