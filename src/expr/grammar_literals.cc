#include <utility>

#include <fmt/format.h>

#include "expr/grammar.h"

namespace sz::expr {

// Strings with what is interpolated, and objects.

ExprPtr Grammar::string(std::string format) {
  const Token begin = here();
  next();
  ExprPtr whole = make(Type::interpolation, begin);
  whole->text = std::move(format);
  while (here().type != Token::Type::string_end) {
    if (here().type == Token::Type::string_text) {
      ExprPtr part = make(Type::string, here());
      part->text = here().text;
      whole->kids.push_back(std::move(part));
      next();
    } else {
      next();  // the interpolation's opening
      ExprPtr part = inside(Infix::pipe);
      if (!part || !expect(")")) return nullptr;
      // Only literal text is a bare string here: a format does not touch that.
      const std::size_t at = part ? part->offset : 0;
      if (part->type == Type::string) part = make(Type::pipe, at, std::move(part));
      whole->kids.push_back(std::move(part));
    }
  }
  next();
  if (whole->kids.empty() ||
      (whole->kids.size() == 1 && whole->kids[0]->type == Type::string && whole->text.empty())) {
    ExprPtr plain = make(Type::string, begin);
    if (!whole->kids.empty()) plain->text = whole->kids[0]->text;
    return finish(std::move(plain));
  }
  return finish(std::move(whole));
}

ExprPtr Grammar::object(const Token& begin) {
  const Nesting nesting(depth_object_);
  ExprPtr e = make(Type::object, begin);
  if (take("}")) return finish(std::move(e));
  do {
    const Token token = here();
    if (token.is("}")) break;  // jq allows a comma behind the last member
    ExprPtr key, value;
    bool shorthand = true;
    if (token.type == Token::Type::variable) {
      next();
      value = make(Type::variable, token);
      value->text = token.text;
      // `{$x}` names the member after the variable, `{$x: V}` after what it holds (jq 1.7).
      if (here().is(":")) {
        key = std::move(value);
      } else {
        key = make(Type::string, token);
        key->text = token.text;
      }
    } else if (token.type == Token::Type::name) {
      next();
      key = make(Type::string, token);
      key->text = token.text;
      value = make(Type::field, token);
      value->kids.push_back(nullptr);
      value->text = token.text;
    } else if (token.type == Token::Type::string_begin || token.type == Token::Type::format) {
      const std::size_t restart = at_;
      if (token.type == Token::Type::format) {
        next();
        if (here().type != Token::Type::string_begin) return unexpected("a string");
      }
      key = string(token.type == Token::Type::format ? token.text : "");
      if (!key) return nullptr;
      if (!here().is(":")) {
        const std::size_t after = at_;
        at_ = restart;
        if (token.type == Token::Type::format) next();
        value = string(token.type == Token::Type::format ? token.text : "");
        at_ = after;
        value = value ? keyed(token.offset, nullptr, std::move(value)) : nullptr;
      }
    } else if (take("(")) {
      key = inside(Infix::pipe);
      if (!key || !expect(")")) return nullptr;
      shorthand = false;
    } else if (token.type == Token::Type::number) {
      return fail(token, "object keys must be strings", fmt::format("write \"{}\"", token.text));
    } else {
      return unexpected("a key");
    }
    if (here().is(":")) {
      next();
      const int saved = std::exchange(no_comma_, 1);
      value = expression(Infix::pipe);
      no_comma_ = saved;
    } else if (!shorthand || !value) {
      return unexpected("\":\"");
    }
    if (!key || !value) return nullptr;
    e->kids.push_back(std::move(key));
    e->kids.push_back(std::move(value));
  } while (take(","));
  if (!take("}")) return unexpected("\",\" or \"}\"");
  return finish(std::move(e));
}

}  // namespace sz::expr
