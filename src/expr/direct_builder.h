#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expr/direct.h"

namespace sz::expr::direct {

using NodePtr = std::unique_ptr<Node>;

/// Makes the direct evaluator's tree of an expression; one for each. What it does not know, or what may give
/// more outputs than is asked for, is null: the machine's.
class Builder {
 public:
  /// `resolver` is lent.
  explicit Builder(const Resolver& resolver) : resolver_(resolver) {}

  NodePtr build(const Expr* e);
  // With any number of outputs.
  NodePtr any(const Expr* e);

 private:
  using E = Expr::Type;

  NodePtr build_new(const Expr* e);
  static NodePtr make(Type type);
  NodePtr with_kids(Type type, std::initializer_list<const Expr*> kids);
  NodePtr chain(Type type, const Expr& e);
  static NodePtr many(Type type);
  static NodePtr each(NodePtr subject);
  // A subject with many outputs is piped into the access, which then has `.`.
  static NodePtr split_off(NodePtr& subject);
  static NodePtr after(NodePtr before, NodePtr n);

  // In direct_build_access.cc.
  NodePtr field(const Expr& e);
  NodePtr slice(const Expr& e);
  NodePtr variable(const Expr& e);
  std::uint32_t new_local();

  // In direct_build_values.cc.
  NodePtr binary(const Expr& e);
  static void prepare(Node& n);
  NodePtr object(const Expr& e);
  bool elements(const Expr& e, Node& out);
  // list | f for each element of it
  NodePtr map(const Expr* list, const Expr* body, bool optional);
  NodePtr array(const Expr& e);
  NodePtr concat(const Expr& e);

  // In direct_build_control.cc.
  NodePtr bind(const Expr& e);
  NodePtr fold(const Expr& e);
  // A builtin that takes in a generator.
  NodePtr consumer(Type type, NodePtr generator);
  NodePtr consumer(const Expr& e);

  // In direct_build_calls.cc.
  NodePtr call(const Expr& e);
  NodePtr with_entries(const Expr& e);
  // Is there always an output, or an error?
  static bool gives_one(const Node& n);
  // sort_by(f) and its like: the native takes `map([f])`.
  NodePtr keyed_native(const Expr& e);
  static NodePtr element(int at);
  static NodePtr test(Regex regex);

  // In direct_build_updates.cc.
  struct Path {
    Value keys;                        // an array, from the root on
    std::vector<std::uint32_t> holes;  // which of them are computed
    std::vector<NodePtr> computed;     // one for each hole
  };
  bool path(const Expr* e, Path& out);
  NodePtr assign(const Expr& e);
  bool paths(const Expr& e, Value& out);
  NodePtr remove(const Expr& e);

  const Resolver& resolver_;
  Heap* heap_ = resolver_.heap;
  std::vector<std::pair<std::string, std::uint32_t>> locals_;  // in scope
  std::uint32_t locals_count_ = 0;
};

}  // namespace sz::expr::direct
