#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/ast.h"
#include "expr/code.h"
#include "expr/syntax_error.h"

namespace sz::expr {

/// What the compiler writes into: the code so far, the functions it is inside of, the names that are in
/// scope, the first error.
class Emitter {
 public:
  explicit Emitter(Heap& heap) : heap_(heap), code_(std::make_unique<Code>()) {}

 protected:
  using E = Expr::Type;

  /// How an expression is to be compiled: may a path be asked of it, and does the function return right after
  /// it?
  struct Mode {
    bool tracked = false;
    bool tail = false;
    Mode inner() const { return {tracked, false}; }
  };
  struct Level {
    std::uint32_t function;
    std::uint32_t variables;
  };
  struct Binding {
    enum class Type { variable, function, parameter, label } type;
    std::string name;
    std::size_t arity;
    std::uint32_t level;      // of the function it lives in
    std::uint32_t number;     // variable, or function
    bool value_form = false;  // function: `$name` parameters are handed over as values
    std::vector<std::string> parameters;
    std::vector<bool> both;  // function: parameter is also used as a closure
  };

  void fail(const Expr& e, std::string message, std::string hint = "") {
    if (!failed_) error_ = {e.offset, e.length, std::move(message), std::move(hint)};
    failed_ = true;
  }
  std::uint32_t emit(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
    code_->instructions.push_back({op, a, b, c});
    return static_cast<std::uint32_t>(code_->instructions.size() - 1);
  }
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_->instructions.size()); }
  void land(std::uint32_t jump) { code_->instructions[jump].a = here(); }
  std::uint32_t level() const { return static_cast<std::uint32_t>(levels_.size() - 1); }
  std::uint32_t new_variable() { return levels_.back().variables++; }

  std::uint32_t intern(const std::string& name) {
    const auto [at, fresh] = interned_.try_emplace(name, static_cast<std::uint32_t>(code_->names.size()));
    if (fresh) code_->names.emplace_back(name);
    return at->second;
  }
  std::uint32_t constant(Value v) {
    code_->constants.push_back(std::move(v));
    return static_cast<std::uint32_t>(code_->constants.size() - 1);
  }
  Value literal(const Expr& e) {
    switch (e.type) {
      case E::literal_true:
        return Value::boolean(true);
      case E::literal_false:
        return Value::boolean(false);
      case E::string:
        return Value::view(code_->texts.emplace_back(e.text));
      case E::number:
        return number(e.text);
      default:
        return Value();
    }
  }
  // jq's literals are JSON's, and also `.5`, `1.` and leading zeros.
  Value number(std::string text) {
    if (text.starts_with('.')) text.insert(text.begin(), '0');
    const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size());
    if (zeros > 0)
      text.erase(0, zeros < text.size() && text[zeros] >= '0' && text[zeros] <= '9' ? zeros : zeros - 1);
    if (const std::size_t dot = text.find('.');
        dot != std::string::npos && (dot + 1 == text.size() || text[dot + 1] < '0' || text[dot + 1] > '9'))
      text.erase(dot, 1);
    const json::Number n = json::to_number(text);
    if (n.integer) return Value::integer(n.i);
    // As jq: digits are kept as written, an exponent is not.
    return text.find_first_of("eE") != std::string::npos ? Value::real(n.d) : Value::number(heap_, text);
  }

  const Binding* find(Binding::Type type, std::string_view name, std::size_t arity = 0) const {
    for (auto b = bindings_.rbegin(); b != bindings_.rend(); ++b) {
      const bool kind =
          b->type == type || (type == Binding::Type::function && b->type == Binding::Type::parameter);
      if (kind && b->arity == arity && b->name == name) return &*b;
    }
    return nullptr;
  }
  std::uint32_t out(const Binding& b) const { return level() - b.level; }

  Heap& heap_;
  std::unique_ptr<Code> code_;
  std::vector<Level> levels_;
  std::vector<Binding> bindings_;
  std::map<std::string, std::uint32_t> interned_;
  SyntaxError error_;
  bool failed_ = false;
};

}  // namespace sz::expr
