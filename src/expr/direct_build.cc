#include <algorithm>
#include <cstring>

#include "expr/blocks.h"
#include "expr/direct.h"
#include "expr/regex_literal.h"
#include "json/write.h"

namespace sz::expr::direct {

namespace {

using E = Expr::Type;
using NodePtr = std::unique_ptr<Node>;

class Builder {
 public:
  explicit Builder(const Resolver& resolver) : resolver_(resolver) {}

  NodePtr build(const Expr* e) {
    if (e == nullptr) return make(Type::identity);
    if (e->indirect) return nullptr;
    NodePtr n = any(e);
    if (n && !n->many) return n;
    e->indirect = true;
    return nullptr;
  }

  // With any number of outputs.
  NodePtr any(const Expr* e) {
    if (e == nullptr) return make(Type::identity);
    if (e->unstreamed) return nullptr;
    NodePtr n = build_new(e);
    if (!n) e->unstreamed = e->indirect = true;
    return n;
  }

 private:
  NodePtr build_new(const Expr* e) {
    switch (e->type) {
      case E::identity:
        return make(Type::identity);
      case E::field:
        return field(*e);
      case E::index: {
        NodePtr subject = any(e->kids[0].get()), key = build(e->kids[1].get());
        if (!subject || !key || (subject->many && key->type != Type::constant)) return nullptr;
        NodePtr n = make(Type::index);
        n->optional = e->optional;
        NodePtr before = split_off(subject);
        n->kids.push_back(std::move(subject));
        n->kids.push_back(std::move(key));
        return after(std::move(before), std::move(n));
      }
      case E::slice:
        return slice(*e);
      case E::literal_null:
      case E::literal_true:
      case E::literal_false:
      case E::number:
      case E::string: {
        NodePtr n = make(Type::constant);
        n->constant = resolver_.constant(*e);
        return n;
      }
      case E::iterate: {
        NodePtr subject = any(e->kids[0].get());
        if (!subject) return nullptr;
        NodePtr before = split_off(subject);
        NodePtr n = each(std::move(subject));
        n->optional = e->optional;
        return after(std::move(before), std::move(n));
      }
      case E::recurse_all:
        return many(Type::recurse);
      case E::comma: {
        NodePtr n = chain(Type::comma, *e);
        if (n) n->many = true;
        return n;
      }
      case E::bind:
        return bind(*e);
      case E::reduce:
      case E::foreach:
        return fold(*e);
      case E::pipe: {
        NodePtr n = chain(Type::pipe, *e);
        return n && n->many && n->kids.size() > 64 ? nullptr : std::move(n);
      }
      case E::binary:
        return binary(*e);
      case E::negate:
        return with_kids(Type::negate, {e->kids[0].get()});
      case E::and_:
        return chain(Type::conjunction, *e);
      case E::or_:
        return chain(Type::disjunction, *e);
      case E::alternative:
        return chain(Type::alternative, *e);
      case E::condition: {
        NodePtr n = with_kids(Type::condition, {e->kids[0].get()});
        if (!n) return nullptr;
        for (std::size_t i = 1; i < 3; ++i) {
          NodePtr branch = any(e->kids[i].get());
          if (!branch) return nullptr;
          n->many = n->many || branch->many;
          n->kids.push_back(std::move(branch));
        }
        return n;
      }
      case E::attempt: {
        if (e->kids.size() > 1) return with_kids(Type::attempt, {e->kids[0].get(), e->kids[1].get()});
        return with_kids(Type::attempt, {e->kids[0].get()});
      }
      case E::object:
        return object(*e);
      case E::array:
        return array(*e);
      case E::interpolation:
        return concat(*e);
      case E::format: {
        NodePtr n = make(Type::native);
        n->native = find_native(e->text, 0);
        return n->native != nullptr ? std::move(n) : nullptr;
      }
      case E::variable:
        return variable(*e);
      case E::call:
        return call(*e);
      case E::assign:
        return assign(*e);
      default:
        return nullptr;
    }
  }

  static NodePtr make(Type type) {
    auto n = std::make_unique<Node>();
    n->type = type;
    return n;
  }

  NodePtr with_kids(Type type, std::initializer_list<const Expr*> kids) {
    NodePtr n = make(type);
    for (const Expr* k : kids) {
      NodePtr kid = build(k);
      if (!kid) return nullptr;
      n->kids.push_back(std::move(kid));
    }
    return n;
  }

  NodePtr chain(Type type, const Expr& e) {
    const bool streams = type == Type::pipe || type == Type::comma;
    NodePtr n = make(type);
    for (const ExprPtr& k : e.kids) {
      NodePtr kid = streams ? any(k.get()) : build(k.get());
      if (!kid) return nullptr;
      n->many = n->many || kid->many;
      n->kids.push_back(std::move(kid));
    }
    return n;
  }

  static NodePtr many(Type type) {
    NodePtr n = make(type);
    n->many = true;
    return n;
  }
  static NodePtr each(NodePtr subject) {
    NodePtr n = many(Type::each);
    n->kids.push_back(std::move(subject));
    return n;
  }
  // A subject with many outputs is piped into the access, which then has `.`.
  static NodePtr split_off(NodePtr& subject) {
    return subject->many ? std::exchange(subject, make(Type::identity)) : nullptr;
  }
  static NodePtr after(NodePtr before, NodePtr n) {
    if (!before) return n;
    NodePtr pipe = many(Type::pipe);
    pipe->kids.push_back(std::move(before));
    pipe->kids.push_back(std::move(n));
    return pipe;
  }

  std::uint32_t new_local() {
    ++locals_count_;
    *resolver_.most_locals = std::max(*resolver_.most_locals, locals_count_);
    return locals_count_ - 1;
  }

  NodePtr bind(const Expr& e) {
    if (e.patterns.size() != 1 || e.patterns[0].type != Pattern::Type::variable) return nullptr;
    NodePtr n = make(Type::bind);
    NodePtr source = any(e.kids[0].get());
    if (!source) return nullptr;
    n->local = new_local();
    locals_.emplace_back(e.patterns[0].name, n->local);
    NodePtr body = any(e.kids[1].get());
    locals_.pop_back();
    if (!body) return nullptr;
    n->many = source->many || body->many;
    n->kids.push_back(std::move(source));
    n->kids.push_back(std::move(body));
    return n;
  }

  NodePtr fold(const Expr& e) {
    if (e.patterns.size() != 1 || e.patterns[0].type != Pattern::Type::variable) return nullptr;
    NodePtr n = make(e.type == E::reduce ? Type::reduce : Type::foreach);
    n->many = e.type == E::foreach;
    NodePtr source = any(e.kids[0].get()), init = build(e.kids[1].get());
    if (!source || !init) return nullptr;
    n->kids.push_back(std::move(source));
    n->kids.push_back(std::move(init));
    n->local = new_local();
    locals_.emplace_back(e.patterns[0].name, n->local);
    for (std::size_t i = 2; i < e.kids.size(); ++i) {
      NodePtr part = i == 2 ? build(e.kids[i].get()) : any(e.kids[i].get());
      n->kids.push_back(std::move(part));
      if (!n->kids.back()) break;
    }
    locals_.pop_back();
    return n->kids.back() ? std::move(n) : nullptr;
  }

  NodePtr variable(const Expr& e) {
    for (auto l = locals_.rbegin(); l != locals_.rend(); ++l) {
      if (l->first != e.text) continue;
      NodePtr n = make(Type::local);
      n->local = l->second;
      return n;
    }
    if (const std::optional<Value> v = resolver_.global(e)) {
      NodePtr n = make(Type::constant);
      n->constant = *v;
      return n;
    }
    if (const auto place = resolver_.variable(e)) {
      NodePtr n = make(Type::variable);
      n->out = place->first;
      n->local = place->second;
      return n;
    }
    return nullptr;
  }

  // A builtin that takes in a generator.
  NodePtr consumer(Type type, NodePtr generator) {
    if (!generator) return nullptr;
    NodePtr n = make(type);
    n->kids.push_back(std::move(generator));
    return n;
  }
  NodePtr consumer(const Expr& e) {
    const std::size_t arity = e.kids.size();
    if (e.text == "first" && arity == 1) return consumer(Type::first, any(e.kids[0].get()));
    if (e.text == "last" && arity == 1) return consumer(Type::last, any(e.kids[0].get()));
    if (e.text == "add" && arity == 1) return consumer(Type::add, any(e.kids[0].get()));
    if ((e.text == "any" || e.text == "all") && arity <= 2) {
      NodePtr n = consumer(e.text == "any" ? Type::any : Type::all,
                           arity == 2 ? any(e.kids[0].get()) : each(make(Type::identity)));
      NodePtr condition = arity == 0 ? make(Type::identity) : build(e.kids[arity - 1].get());
      if (!n || !condition) return nullptr;
      n->kids.push_back(std::move(condition));
      return n;
    }
    if (e.text == "limit" && arity == 2) {
      NodePtr n = consumer(Type::limit, build(e.kids[0].get()));
      NodePtr generator = any(e.kids[1].get());
      if (!n || !generator) return nullptr;
      n->many = true;
      n->kids.push_back(std::move(generator));
      return n;
    }
    if (e.text == "range" && arity >= 1 && arity <= 3) {
      NodePtr n = many(Type::range);
      n->kids.resize(3);
      for (std::size_t i = 0; i < arity; ++i) {
        NodePtr& bound = n->kids[arity == 1 ? 1 : i];
        bound = build(e.kids[i].get());
        if (!bound) return nullptr;
      }
      return n;
    }
    return nullptr;
  }

  // Is there always an output, or an error?
  static bool gives_one(const Node& n) {
    switch (n.type) {
      case Type::identity:
      case Type::path:
      case Type::constant:
      case Type::local:
      case Type::variable:
        return true;
      case Type::binary:
      case Type::compare:
      case Type::negate:
      case Type::native:
        return std::ranges::all_of(n.kids, [](const NodePtr& k) { return gives_one(*k); });
      default:
        return false;
    }
  }

  // with_entries(f): to_entries, then f on each, then from_entries.
  NodePtr with_entries(const Expr& e) {
    NodePtr body = any(e.kids[0].get());
    if (!body) return nullptr;
    NodePtr list;
    if (body->many) {
      list = consumer(Type::collect, after(each(make(Type::identity)), std::move(body)));
    } else {
      list = make(Type::map);
      list->kids.push_back(make(Type::identity));
      list->kids.push_back(std::move(body));
    }
    NodePtr n = make(Type::pipe);
    n->kids.push_back(make(Type::native));
    n->kids.back()->native = find_native("to_entries", 0);
    n->kids.push_back(std::move(list));
    n->kids.push_back(make(Type::native));
    n->kids.back()->native = find_native("from_entries", 0);
    return n;
  }

  // sort_by(f) and its like: the native takes `map([f])`.
  NodePtr keyed_native(const Expr& e) {
    if (!e.text.ends_with("_by") || e.kids.size() != 1) return nullptr;
    const Native* native = find_native("_" + e.text, 1);
    if (native == nullptr) return nullptr;
    NodePtr key = build(e.kids[0].get());
    if (!key) return nullptr;
    // Where a key always comes, keys compare as their lists of one do (the words of min_by's errors show
    // them).
    if (e.text.starts_with("m") || !gives_one(*key)) {
      NodePtr list = make(Type::array);
      list->kids.push_back(std::move(key));
      key = std::move(list);
    }
    NodePtr keys = make(Type::map);
    keys->kids.push_back(make(Type::identity));
    keys->kids.push_back(std::move(key));
    NodePtr n = make(Type::native);
    n->native = native;
    n->kids.push_back(std::move(keys));
    return n;
  }

  NodePtr field(const Expr& e) {
    NodePtr subject = any(e.kids[0].get());
    if (!subject) return nullptr;
    NodePtr before = split_off(subject);
    const Name* name = resolver_.name(e.text);
    if (!e.optional && (subject->type == Type::path || subject->type == Type::identity)) {
      subject->type = Type::path;
      subject->names.push_back(name);
      return after(std::move(before), std::move(subject));
    }
    NodePtr n = make(Type::field);
    n->optional = e.optional;
    n->names.push_back(name);
    n->kids.push_back(std::move(subject));
    return after(std::move(before), std::move(n));
  }

  NodePtr slice(const Expr& e) {
    NodePtr n = with_kids(Type::slice, {e.kids[0].get()});
    if (!n) return nullptr;
    n->optional = e.optional;
    for (std::size_t i = 1; i < 3; ++i) {
      if (!e.kids[i]) {
        n->kids.push_back(nullptr);
        continue;
      }
      NodePtr k = build(e.kids[i].get());
      if (!k) return nullptr;
      n->kids.push_back(std::move(k));
    }
    return n;
  }

  NodePtr binary(const Expr& e) {
    // The evaluator recurses into the left end: long chains are the machine's.
    constexpr std::size_t longest = 64;
    if (e.kids.size() > longest) return nullptr;
    NodePtr left = build(e.kids[0].get());
    for (std::size_t i = 1; left && i < e.kids.size(); ++i) {
      NodePtr n = make(Type::binary);
      n->op = *operator_of(e.names[i - 1]);
      n->kids.push_back(std::move(left));
      n->kids.push_back(build(e.kids[i].get()));
      if (!n->kids[1]) return nullptr;
      if (n->op >= Operator::equal && n->kids[1]->type == Type::constant) prepare(*n);
      left = std::move(n);
    }
    return left;
  }

  static void prepare(Node& n) {
    Value constant = n.kids[1]->constant;
    std::string scratch;
    n.type = Type::compare;
    n.kind = constant.kind();
    if (constant.is_number()) {
      n.number = constant.number();
      if (n.number.integer) {
        json::append_number(n.text, n.number.i);
        n.plain_integer = true;
        if (n.text.size() <= sizeof n.head) {
          std::memcpy(&n.head, n.text.data(), n.text.size());
          std::memset(&n.mask, 0xFF, n.text.size());
        }
      }
    } else if (constant.is_string()) {
      n.text = constant.text(scratch);
      n.string.emplace(n.text);
    }
    n.constant = std::move(constant);
    n.kids.pop_back();
  }

  NodePtr object(const Expr& e) {
    NodePtr n = make(Type::object);
    bool constant = true;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < e.kids.size(); ++i) {
      NodePtr k = build(e.kids[i].get());
      if (!k) return nullptr;
      if (i % 2 == 0) {
        std::string scratch;
        if (k->type == Type::constant && k->constant.is_string()) {
          keys.emplace_back(k->constant.text(scratch));
        } else {
          constant = false;
        }
      }
      n->kids.push_back(std::move(k));
    }
    auto sorted = keys;
    std::ranges::sort(sorted);
    if (constant && std::ranges::adjacent_find(sorted) == sorted.end()) {
      for (const std::string& key : keys) {
        std::string chunk = n->chunks.empty() ? "{" : ",";
        json::append_string(chunk, key);
        n->chunks.push_back(chunk + ":");
      }
    }
    n->gathers = !n->chunks.empty() && n->chunks.size() <= max_gathered;
    for (std::size_t i = 1; i < n->kids.size(); i += 2)
      n->gathers = n->gathers && n->kids[i]->type == Type::path;
    return n;
  }

  bool elements(const Expr& e, Node& out) {
    if (e.type == E::comma)
      return std::ranges::all_of(e.kids, [&](const ExprPtr& k) { return elements(*k, out); });
    NodePtr k = build(&e);
    if (!k) return false;
    out.kids.push_back(std::move(k));
    return true;
  }

  // list | f for each element of it
  NodePtr map(const Expr* list, const Expr* body, bool optional) {
    NodePtr n = make(Type::map);
    n->optional = optional;
    NodePtr l = build(list);
    if (!l) return nullptr;
    NodePtr b = body ? build(body) : make(Type::identity);
    if (!b) return nullptr;
    n->kids.push_back(std::move(l));
    n->kids.push_back(std::move(b));
    return n;
  }

  NodePtr array(const Expr& e) {
    if (!e.kids.empty()) {
      const Expr& body = *e.kids[0];
      NodePtr n;
      if (body.type == E::iterate) n = map(body.kids[0].get(), nullptr, body.optional);
      if (body.type == E::pipe && body.kids.size() == 2 && body.kids[0]->type == E::iterate)
        n = map(body.kids[0]->kids[0].get(), body.kids[1].get(), body.kids[0]->optional);
      if (n) return n;
    }
    NodePtr n = make(Type::array);
    if (e.kids.empty() || elements(*e.kids[0], *n)) return n;
    return consumer(Type::collect, any(e.kids[0].get()));
  }

  NodePtr concat(const Expr& e) {
    NodePtr n = make(Type::concat);
    if (!e.text.empty() && e.text != "@text") {
      n->native = find_native(e.text, 0);
      if (n->native == nullptr) return nullptr;
    }
    n->chunks.emplace_back();
    for (const ExprPtr& part : e.kids) {
      if (part->type == E::string) {
        n->chunks.back() += part->text;
        continue;
      }
      NodePtr k = build(part.get());
      if (!k) return nullptr;
      n->kids.push_back(std::move(k));
      n->chunks.emplace_back();
    }
    return n;
  }

  NodePtr call(const Expr& e) {
    if (!resolver_.builtin(e.text, e.kids.size())) return nullptr;
    if (e.text == "empty" && e.kids.empty()) return make(Type::empty);
    if (e.text == "select" && e.kids.size() == 1) {
      NodePtr n = with_kids(Type::condition, {e.kids[0].get(), nullptr});
      if (n) n->kids.push_back(make(Type::empty));
      return n;
    }
    if (e.text == "map" && e.kids.size() == 1) {
      if (NodePtr n = map(nullptr, e.kids[0].get(), false)) return n;
      NodePtr body = any(e.kids[0].get());
      return body ? consumer(Type::collect, after(each(make(Type::identity)), std::move(body))) : nullptr;
    }
    if (e.text == "with_entries" && e.kids.size() == 1) return with_entries(e);
    if (NodePtr n = consumer(e)) return n;
    if (NodePtr n = keyed_native(e)) return n;
    if (e.text == "del" && e.kids.size() == 1) return remove(*e.kids[0]);
    if (e.text == "first" && e.kids.empty()) return element(0);
    if (e.text == "last" && e.kids.empty()) return element(-1);
    const Native* native = find_native(e.text, e.kids.size());
    if (native == nullptr) return nullptr;
    if (const auto literal = regex_literal(e)) {
      auto regex = literal->compile();
      if (!regex) return nullptr;  // refused when it is compiled in full
      if (e.text == "test" && literal->whole) return test(std::move(*regex));
    }
    NodePtr n = make(Type::native);
    n->native = native;
    for (const ExprPtr& k : e.kids) {
      NodePtr kid = build(k.get());
      if (!kid) return nullptr;
      n->kids.push_back(std::move(kid));
    }
    return n;
  }

  static NodePtr element(int at) {
    NodePtr n = make(Type::index);
    n->kids.push_back(make(Type::identity));
    n->kids.push_back(make(Type::constant));
    n->kids.back()->constant = Value::integer(at);
    return n;
  }

  static NodePtr test(Regex regex) {
    NodePtr n = make(Type::test);
    n->regex = std::move(regex);
    return n;
  }

  // A path of constant names and positions, as an array in the order from the root.
  bool path(const Expr* e, Value& out) {
    if (e == nullptr || e->type == E::identity) return true;
    if (e->optional) return false;
    if (e->type == E::pipe)
      return std::ranges::all_of(e->kids, [&](const ExprPtr& k) { return path(k.get(), out); });
    if (e->type == E::field) {
      if (!path(e->kids[0].get(), out)) return false;
      out.array_block().push(resolver_.name(e->text)->value);
      return true;
    }
    if (e->type == E::index && e->kids[1]->type == E::number) {
      if (!path(e->kids[0].get(), out)) return false;
      out.array_block().push(resolver_.constant(*e->kids[1]));
      return true;
    }
    return false;
  }

  NodePtr assign(const Expr& e) {
    Value keys = Value::array(*heap_);
    if (!path(e.kids[0].get(), keys)) return nullptr;
    NodePtr value = build(e.kids[1].get());
    if (!value) return nullptr;
    NodePtr n = make(Type::set);
    if (e.text == "|=") {
      n->type = Type::update;
    } else if (e.text == "//=") {
      n->type = Type::default_to;
    } else if (e.text != "=") {
      n->type = Type::update_with;
      n->op = *operator_of(std::string_view(e.text).substr(0, 1));
    }
    n->constant = std::move(keys);
    n->kids.push_back(std::move(value));
    return n;
  }

  bool paths(const Expr& e, Value& out) {
    if (e.type == E::comma)
      return std::ranges::all_of(e.kids, [&](const ExprPtr& k) { return paths(*k, out); });
    Value keys = Value::array(*heap_);
    if (!path(&e, keys)) return false;
    out.array_block().push(std::move(keys));
    return true;
  }

  NodePtr remove(const Expr& e) {
    Value list = Value::array(*heap_);
    if (!paths(e, list)) return nullptr;
    NodePtr n = make(Type::remove);
    n->constant = std::move(list);
    return n;
  }

  const Resolver& resolver_;
  Heap* heap_ = resolver_.heap;
  std::vector<std::pair<std::string, std::uint32_t>> locals_;  // in scope
  std::uint32_t locals_count_ = 0;
};

}  // namespace

std::unique_ptr<Node> build(const Expr& e, const Resolver& resolver) { return Builder(resolver).build(&e); }

std::unique_ptr<Node> build_stream(const Expr& e, const Resolver& resolver) {
  return Builder(resolver).any(&e);
}

}  // namespace sz::expr::direct
