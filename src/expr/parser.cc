#include "expr/parser.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "expr/lexer.h"
#include "expr/token_cursor.h"

namespace sz::expr {

namespace {

using Type = Expr::Type;

// Binding strengths, weakest first, as jq's grammar has them.
enum Strength {
  pipe = 1,
  comma,
  alternative,
  assignment,
  disjunction,
  conjunction,
  comparison,
  sum,
  product,
  tight
};

struct Operator {
  std::string_view symbol;
  Strength strength;
  enum class Side { chain, none } side;
  Type type;
};

constexpr std::array<Operator, 23> operators = {{
    {"|", pipe, Operator::Side::chain, Type::pipe},
    {",", comma, Operator::Side::chain, Type::comma},
    {"//", alternative, Operator::Side::chain, Type::alternative},
    {"=", assignment, Operator::Side::none, Type::assign},
    {"|=", assignment, Operator::Side::none, Type::assign},
    {"+=", assignment, Operator::Side::none, Type::assign},
    {"-=", assignment, Operator::Side::none, Type::assign},
    {"*=", assignment, Operator::Side::none, Type::assign},
    {"/=", assignment, Operator::Side::none, Type::assign},
    {"%=", assignment, Operator::Side::none, Type::assign},
    {"//=", assignment, Operator::Side::none, Type::assign},
    {"==", comparison, Operator::Side::none, Type::binary},
    {"!=", comparison, Operator::Side::none, Type::binary},
    {"<", comparison, Operator::Side::none, Type::binary},
    {"<=", comparison, Operator::Side::none, Type::binary},
    {">", comparison, Operator::Side::none, Type::binary},
    {">=", comparison, Operator::Side::none, Type::binary},
    {"+", sum, Operator::Side::chain, Type::binary},
    {"-", sum, Operator::Side::chain, Type::binary},
    {"*", product, Operator::Side::chain, Type::binary},
    {"/", product, Operator::Side::chain, Type::binary},
    {"%", product, Operator::Side::chain, Type::binary},
    {"or", disjunction, Operator::Side::chain, Type::or_},
}};
constexpr Operator conjunction_operator = {"and", conjunction, Operator::Side::chain, Type::and_};

constexpr std::array<std::string_view, 17> keywords = {
    "def", "if",    "then",  "else",   "elif",    "end", "as", "reduce", "foreach",
    "try", "catch", "label", "import", "include", "and", "or", "__loc__"};

bool keyword(std::string_view name) { return std::ranges::find(keywords, name) != keywords.end(); }

class Parser : private TokenCursor {
 public:
  using TokenCursor::TokenCursor;

  std::expected<ExprPtr, SyntaxError> run() {
    ExprPtr e = here().type == Token::Type::end ? fail(here(), "empty expression") : expression(pipe);
    if (e && here().type != Token::Type::end) e = unexpected();
    if (failed_) return std::unexpected(std::move(error_));
    return e;
  }

 private:
  const Operator* operator_here() const {
    const Token& t = here();
    if (t.type == Token::Type::name) {
      if (t.text == "or") return &operators.back();
      return t.text == "and" ? &conjunction_operator : nullptr;
    }
    if (t.type != Token::Type::symbol) return nullptr;
    for (const Operator& o : operators)
      if (o.symbol == t.text) return &o;
    return nullptr;
  }

  ExprPtr expression(int least) {
    const Nesting nesting(depth_);
    if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
    const std::size_t offset = here().offset;
    if (here().is_name("def")) {
      ExprPtr e = definition();
      if (!e) return nullptr;
      ExprPtr rest = expression(pipe);
      if (!rest) return nullptr;
      e->kids.push_back(std::move(rest));
      return finish(std::move(e));
    }
    ExprPtr left = operand();
    int nonassoc = 0;
    while (left) {
      const Operator* o = operator_here();
      if (o == nullptr || o->strength < least) break;
      if (o->strength == nonassoc) return unexpected();
      if (o->symbol == "," && no_comma_ > 0) break;
      const Token token = here();
      next();
      ExprPtr right = expression(o->strength + 1);
      if (!right) return nullptr;
      left = join(*o, offset, std::move(left), std::move(right));
      nonassoc = o->side == Operator::Side::none ? o->strength : 0;
    }
    return left;
  }

  // LEFT o RIGHT; a chain of one kind becomes one node. Brackets around its left end change nothing.
  ExprPtr join(const Operator& o, std::size_t offset, ExprPtr left, ExprPtr right) {
    const bool chains = o.side == Operator::Side::chain && left->type == o.type &&
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

  static Strength strength_of(std::string_view symbol) {
    for (const Operator& o : operators)
      if (o.symbol == symbol) return o.strength;
    return pipe;
  }

  ExprPtr operand() {
    const Token token = here();
    if (take("-")) {
      ExprPtr e = expression(product);
      return e ? make(Type::negate, token.offset, std::move(e)) : nullptr;
    }
    if (take_name("label")) {
      if (here().type != Token::Type::variable) return unexpected("a $name");
      const std::string name = here().text;
      next();
      if (!expect("|")) return nullptr;
      ExprPtr body = expression(pipe);
      if (!body) return nullptr;
      ExprPtr e = make(Type::label, token.offset, std::move(body));
      if (e) e->text = name;
      return e;
    }
    ExprPtr e = postfix();
    if (e && here().is_name("as")) {
      next();
      ExprPtr b = make(Type::bind, token);
      if (!patterns(*b)) return nullptr;
      if (!expect("|")) return nullptr;
      ExprPtr body = expression(pipe);
      if (!body) return nullptr;
      b->kids.push_back(std::move(e));
      b->kids.push_back(std::move(body));
      return finish(std::move(b));
    }
    return e;
  }

  bool patterns(Expr& e) {
    for (;;) {
      auto p = pattern();
      if (!p) return false;
      e.patterns.push_back(std::move(*p));
      if (!(here().is("?") && ahead().is("//"))) return true;
      next();
      next();
    }
  }

  std::unique_ptr<Pattern> pattern() {
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
    if (take("{")) {
      p->type = Pattern::Type::object;
      do {
        Pattern::Entry entry;
        const Token token = here();
        if (token.type == Token::Type::variable) {
          next();
          entry.variable = token.text;
          entry.key = make(Type::string, token);
          entry.key->text = token.text;
        } else if (token.type == Token::Type::name) {
          next();
          entry.key = make(Type::string, token);
          entry.key->text = token.text;
        } else if (token.type == Token::Type::string_begin) {
          entry.key = string("");
        } else if (take("(")) {
          entry.key = inside(pipe);
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
    unexpected("a pattern: $name, [...] or {...}");
    return nullptr;
  }

  ExprPtr definition() {
    ExprPtr e = make(Type::define, here());
    next();
    if (here().type != Token::Type::name || keyword(here().text)) return unexpected("a name");
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
    ExprPtr body = inside(pipe);
    if (!body || !expect(";")) return nullptr;
    e->kids.push_back(std::move(body));
    return e;
  }

  // An expression inside brackets, where a comma is the operator again.
  ExprPtr inside(int least) {
    const int saved = std::exchange(no_comma_, 0);
    ExprPtr e = expression(least);
    no_comma_ = saved;
    return e;
  }

  ExprPtr string(std::string format) {
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
        ExprPtr part = inside(pipe);
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

  ExprPtr postfix() {
    const std::size_t offset = here().offset;
    bool access = here().is(".") || here().type == Token::Type::field;
    ExprPtr e = term();
    while (e) {
      const Token token = here();
      if (token.type == Token::Type::field) {
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

  ExprPtr keyed(std::size_t offset, ExprPtr subject, ExprPtr key) {
    if (key->type == Type::string) {
      std::string name = key->text;
      ExprPtr e = make(Type::field, offset, std::move(subject));
      if (e) e->text = std::move(name);
      return e;
    }
    return make(Type::index, offset, std::move(subject), std::move(key));
  }

  ExprPtr bracket(std::size_t offset, ExprPtr subject) {
    next();
    if (take("]")) return make(Type::iterate, offset, std::move(subject));
    ExprPtr from;
    if (!here().is(":")) {
      from = inside(pipe);
      if (!from) return nullptr;
      if (take("]")) return keyed(offset, std::move(subject), std::move(from));
    }
    if (!take(":")) return unexpected("\"]\"");
    ExprPtr to;
    if (!here().is("]")) {
      to = inside(pipe);
      if (!to) return nullptr;
    } else if (!from) {
      return unexpected("a number");
    }
    if (!expect("]")) return nullptr;
    return make(Type::slice, offset, std::move(subject), std::move(from), std::move(to));
  }

  ExprPtr term() {
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
      ExprPtr e = inside(pipe);
      if (!e || !expect(")")) return nullptr;
      return e;
    }
    if (take("[")) {
      if (take("]")) return make(Type::array, token.offset);
      ExprPtr body = inside(pipe);
      if (!body || !expect("]")) return nullptr;
      return make(Type::array, token.offset, std::move(body));
    }
    if (take("{")) return object(token);
    return unexpected();
  }

  ExprPtr object(const Token& begin) {
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
        key = inside(pipe);
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
        value = expression(pipe);
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

  ExprPtr named(const Token& token) {
    if (token.text == "if") return condition();
    if (token.text == "try") return attempt();
    if (token.text == "reduce" || token.text == "foreach") return fold(token);
    if (token.text == "def") {
      ExprPtr e = definition();
      if (!e) return nullptr;
      ExprPtr rest = expression(pipe);
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
    if (keyword(token.text)) return unexpected();
    next();
    if (token.text == "null") return make(Type::literal_null, token);
    if (token.text == "true") return make(Type::literal_true, token);
    if (token.text == "false") return make(Type::literal_false, token);
    ExprPtr e = make(Type::call, token);
    e->text = token.text;
    if (take("(")) {
      do {
        ExprPtr argument = inside(pipe);
        if (!argument) return nullptr;
        e->kids.push_back(std::move(argument));
      } while (take(";"));
      if (here().is(",")) return fail(here(), "unexpected token \",\"", "arguments are separated by ;");
      if (!expect(")")) return nullptr;
    }
    // The place of a call is its name; its extent does not matter to anyone.
    const std::size_t length = e->length;
    e = finish(std::move(e));
    if (e) e->length = length;
    return e;
  }

  ExprPtr condition() {
    const Token begin = here();
    next();
    ExprPtr test = inside(pipe);
    if (!test) return nullptr;
    if (!take_name("then")) return unexpected("\"then\"");
    ExprPtr yes = inside(pipe);
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
      no = inside(pipe);
      if (!no) return nullptr;
    }
    if (!take_name("end")) return unexpected("\"end\"");
    return make(Type::condition, begin.offset, std::move(test), std::move(yes), std::move(no));
  }

  // What `try` and `catch` take: one term with its suffixes.
  ExprPtr attempt_operand() {
    const Nesting nesting(depth_);
    if (depth_ > max_nesting) return fail(here(), "expression nested too deep");
    const Token token = here();
    if (take("-")) {
      ExprPtr e = attempt_operand();
      return e ? make(Type::negate, token.offset, std::move(e)) : nullptr;
    }
    return postfix();
  }

  ExprPtr attempt() {
    const Token begin = here();
    next();
    ExprPtr body = attempt_operand();
    if (!body) return nullptr;
    if (!take_name("catch")) return make(Type::attempt, begin.offset, std::move(body));
    ExprPtr handler = attempt_operand();
    if (!handler) return nullptr;
    return make(Type::attempt, begin.offset, std::move(body), std::move(handler));
  }

  ExprPtr fold(const Token& begin) {
    next();
    ExprPtr e = make(begin.text == "reduce" ? Type::reduce : Type::foreach, begin);
    ExprPtr source = postfix();
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
      ExprPtr part = inside(pipe);
      if (!part) return nullptr;
      e->kids.push_back(std::move(part));
    }
    if (!expect(")")) return nullptr;
    return finish(std::move(e));
  }
};

}  // namespace

std::expected<ExprPtr, SyntaxError> parse(std::string_view source) {
  auto tokens = tokenize(source);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  return Parser(std::move(*tokens), source).run();
}

}  // namespace sz::expr
