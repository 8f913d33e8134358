#include "expr/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "expr/grammar.h"
#include "expr/lexer.h"

namespace sz::expr {

namespace {

constexpr std::array<std::string_view, 17> keywords = {
    "def", "if",    "then",  "else",   "elif",    "end", "as", "reduce", "foreach",
    "try", "catch", "label", "import", "include", "and", "or", "__loc__"};

}  // namespace

bool is_keyword(std::string_view name) { return std::ranges::find(keywords, name) != keywords.end(); }

std::expected<ExprPtr, SyntaxError> Grammar::run() {
  ExprPtr e = here().type == Token::Type::end ? fail(here(), "empty expression", "the record itself is .")
                                              : expression(Infix::pipe);
  if (e && here().type != Token::Type::end) e = unexpected();
  if (failed_) return std::unexpected(std::move(error_));
  return e;
}

ExprPtr Grammar::expression(int least) {
  const Nesting nesting(depth_);
  if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
  const std::size_t offset = here().offset;
  if (here().is_name("def")) {
    ExprPtr e = definition();
    if (!e) return nullptr;
    ExprPtr rest = expression(Infix::pipe);
    if (!rest) return nullptr;
    e->kids.push_back(std::move(rest));
    return finish(std::move(e));
  }
  ExprPtr left = operand();
  int nonassoc = 0;
  while (left) {
    const Infix* o = find_infix(here());
    if (o == nullptr || o->strength < least) break;
    if (o->strength == nonassoc) return unexpected();
    if (o->symbol == "," && no_comma_ > 0) break;
    const Token token = here();
    next();
    ExprPtr right = expression(o->strength + 1);
    if (!right) return nullptr;
    if (is_slip(*o, *left, *right)) return nullptr;
    left = join(*o, offset, std::move(left), std::move(right));
    nonassoc = o->side == Infix::Side::none ? o->strength : 0;
  }
  return left;
}

ExprPtr Grammar::join(const Infix& o, std::size_t offset, ExprPtr left, ExprPtr right) {
  const bool chains = o.side == Infix::Side::chain && left->type == o.type &&
                      (o.type != Type::binary || strength_of(left->names[0]) == o.strength);
  if (!chains) {
    ExprPtr e = make(o.type, offset, std::move(left), std::move(right));
    if (!e) return nullptr;
    if (o.type == Type::binary) {
      e->names.emplace_back(o.symbol);
    } else {
      e->text = o.symbol;
    }
    return e;
  }
  left->height = std::max(left->height, right->height + 1);
  left->offset = offset;
  left->length = right->offset + right->length - offset;
  left->kids.push_back(std::move(right));
  if (o.type == Type::binary) left->names.emplace_back(o.symbol);
  return left;
}

ExprPtr Grammar::operand() {
  const Token token = here();
  if (take_name("label")) {
    if (here().type != Token::Type::variable) return unexpected("a $name");
    const std::string name = here().text;
    next();
    if (!expect("|")) return nullptr;
    ExprPtr body = expression(Infix::pipe);
    if (!body) return nullptr;
    ExprPtr e = make(Type::label, token.offset, std::move(body));
    if (e) e->text = name;
    return e;
  }
  ExprPtr e = signed_term();
  if (e && here().is_name("as")) {
    next();
    ExprPtr b = make(Type::bind, token);
    if (!patterns(*b)) return nullptr;
    if (!expect("|")) return nullptr;
    ExprPtr body = expression(Infix::pipe);
    if (!body) return nullptr;
    b->kids.push_back(std::move(e));
    b->kids.push_back(std::move(body));
    return finish(std::move(b));
  }
  return e;
}

ExprPtr Grammar::inside(int least) {
  const int saved = std::exchange(no_comma_, 0);
  ExprPtr e = expression(least);
  no_comma_ = saved;
  return e;
}

std::expected<ExprPtr, SyntaxError> parse(std::string_view source) {
  auto tokens = tokenize(source);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  return Grammar(std::move(*tokens), source).run();
}

}  // namespace sz::expr
