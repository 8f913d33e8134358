#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/quote.h"
#include "expr/ast.h"
#include "expr/mistakes.h"
#include "expr/syntax_error.h"
#include "expr/token.h"

namespace sz::expr {

/// The parser's place among the tokens, the first error, and the nodes it makes with their extent.
class TokenCursor {
 public:
  TokenCursor(std::vector<Token> tokens, std::string_view source)
      : tokens_(std::move(tokens)), source_(source) {}

 protected:
  using Type = Expr::Type;
  static constexpr int max_height = 1000;  // of the tree

  const Token& here() const { return tokens_[at_]; }
  const Token& ahead(std::size_t n = 1) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  void next() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  bool take(std::string_view symbol) {
    if (!here().is(symbol)) return false;
    next();
    return true;
  }
  bool take_name(std::string_view name) {
    if (!here().is_name(name)) return false;
    next();
    return true;
  }

  ExprPtr fail(const Token& token, std::string message, std::string hint = "") {
    if (!failed_) error_ = {token.offset, token.length, std::move(message), std::move(hint)};
    failed_ = true;
    return nullptr;
  }
  ExprPtr unexpected(std::string_view expected = "") {
    const Token& t = here();
    std::string text = t.type == Token::Type::end ? "unexpected end"
                                                  : fmt::format("unexpected token \"{}\"",
                                                                quote(source_.substr(t.offset, t.length)));
    if (!expected.empty()) text += fmt::format(", expected {}", expected);
    std::string hint = mistake(tokens_, at_);
    if (!hint.empty()) return fail(t, std::move(text), std::move(hint));
    if (t.is("=") && ahead().is("=")) hint = "equality is ==";
    if (t.is_name("in")) hint = "one of several: . as $x | any((1, 2); . == $x)";
    if (t.is("}") && depth_object_ > 0 && at_ > 0 && tokens_[at_ - 1].is(","))
      hint = "an object has no comma before }";
    if (t.offset < source_.size() && source_[t.offset] == '~') hint = "regular expressions: test(\"re\")";
    if (t.is(":") && expected.empty()) hint = "a choice is: if ... then ... else ... end";
    if (t.is("$")) hint = "the record is . and its fields are .name";
    if (t.type == Token::Type::name && expected.starts_with("a pattern"))
      hint = fmt::format("a variable begins with $: ${}", t.text);
    if (expected.ends_with("\"}\"") && at_ > 1 && tokens_[at_ - 1].type == Token::Type::name &&
        (tokens_[at_ - 2].is("{") || tokens_[at_ - 2].is(",")))
      hint = fmt::format("a colon parts key and value: {{{}: ...}}", tokens_[at_ - 1].text);
    if (t.type == Token::Type::end)
      hint = expected.starts_with('"') ? fmt::format("{} is missing, here or before", expected)
                                       : "something is missing here, or the last sign is one too many";
    if (!hint.empty()) return fail(t, std::move(text), std::move(hint));
    if (t.type == Token::Type::number && t.offset > 0 && source_[t.offset] == '.') {
      hint = fmt::format("an element is [{}]", source_.substr(t.offset + 1, t.length - 1));
    } else if (t.is_name("is")) {
      hint = "equality is ==";
    } else if (t.is_name("like")) {
      hint = "regular expressions: test(\"re\")";
    } else if ((t.type == Token::Type::name || t.type == Token::Type::string_begin ||
                t.type == Token::Type::number) &&
               expected.empty()) {
      hint = "is a | or an operator missing before it?";
    }
    return fail(t, std::move(text), std::move(hint));
  }
  bool expect(std::string_view symbol) {
    if (take(symbol)) return true;
    unexpected(fmt::format("\"{}\"", symbol));
    return false;
  }

  ExprPtr make(Type type, const Token& from) {
    auto e = std::make_unique<Expr>();
    e->type = type;
    e->offset = from.offset;
    e->length = from.length;
    return e;
  }
  template <class... Kids>
  ExprPtr make(Type type, std::size_t offset, Kids... kids) {
    auto e = std::make_unique<Expr>();
    e->type = type;
    e->offset = offset;
    (e->kids.push_back(std::move(kids)), ...);
    return finish(std::move(e));
  }
  // Sets the length (up to the token before this one) and the height.
  ExprPtr finish(ExprPtr e) {
    if (failed_) return nullptr;
    const Token& last = tokens_[at_ > 0 ? at_ - 1 : 0];
    e->length = std::max(last.offset + last.length, e->offset + 1) - e->offset;
    for (const ExprPtr& k : e->kids)
      if (k) e->height = std::max(e->height, k->height + 1);
    if (e->height > max_height) return fail(last, "expression nested too deep");
    return e;
  }

  class Nesting {
   public:
    explicit Nesting(int& n) : n_(n) { ++n_; }
    ~Nesting() { --n_; }

   private:
    int& n_;
  };

  std::vector<Token> tokens_;
  std::string_view source_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int depth_object_ = 0;
  int no_comma_ = 0;  // in an object's value, where a comma ends it
  SyntaxError error_;
  bool failed_ = false;
};

}  // namespace sz::expr
