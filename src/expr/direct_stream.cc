#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/direct.h"
#include "json/distinct.h"

// Expressions with many outputs: each output is handed to a sink as it comes, and what takes them all in.

namespace sz::expr::direct {

namespace {

using json::Kind;

// What an output is handed to. Lent for the call.
class Sink {
 public:
  template <class F>
  Sink(F& f) : self_(&f), call_([](void* self, Value v) { return (*static_cast<F*>(self))(std::move(v)); }) {}
  Flow operator()(Value v) const { return call_(self_, std::move(v)); }

 private:
  void* self_;
  Flow (*call_)(void*, Value);
};

Flow give(Context& context, const Node& n, const Value& input, Sink sink);

Flow each(Context& context, const Node& n, const Value& input, Sink sink) {
  const Value subject = evaluate(context, *n.kids[0], input);
  if (!subject.is_output()) return subject.is_none() ? Flow::more : Flow::fault;
  const auto one = [&](Value v) { return context.spend(1) ? sink(std::move(v)) : Flow::fault; };
  if (subject.is_node() && subject.as_node().kind() == Kind::array) {
    for (const json::Node e : subject.as_node().elements())
      if (const Flow f = one(Value::of(e)); f != Flow::more) return f;
    return Flow::more;
  }
  if (subject.is_node() && subject.as_node().kind() == Kind::object &&
      !json::has_repeated_names(subject.as_node())) {
    for (const auto& m : subject.as_node().members())
      if (const Flow f = one(Value::of(m.value)); f != Flow::more) return f;
    return Flow::more;
  }
  if (n.optional && !subject.is_array() && !subject.is_object()) return Flow::more;
  const Value list = iterable(context, subject);
  if (list.is_fault()) return Flow::fault;
  const auto& items = list.array_block().items;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (const Flow f = one(items[i]); f != Flow::more) return f;
  return Flow::more;
}

Flow range(Context& context, const Node& n, const Value& input, Sink sink) {
  Value bounds[3] = {Value::integer(0), Value(), Value::integer(1)};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!n.kids[i]) continue;
    bounds[i] = evaluate(context, *n.kids[i], input);
    if (!bounds[i].is_output()) return bounds[i].is_none() ? Flow::more : Flow::fault;
  }
  for (const Value& v : bounds)
    if (!v.is_number()) {
      context.fail("Range bounds must be numeric");
      return Flow::fault;
    }
  const json::Number upto = bounds[1].number();
  const int step = compare(bounds[2].number(), {true, 0, 0});
  if (step == 0) return Flow::more;
  for (Value at = bounds[0];;) {
    const int left = compare(at.number(), upto);
    if (step > 0 ? left >= 0 : left <= 0) return Flow::more;
    if (!context.spend(1)) return Flow::fault;
    if (const Flow f = sink(at); f != Flow::more) return f;
    at = add(context, std::move(at), bounds[2]);
  }
}

// `..`, parents first. Values nest at most max_built_depth deep within the record's depth.
Flow recurse(Context& context, const Value& v, Sink sink, std::uint32_t depth) {
  if (!context.spend(1)) return Flow::fault;
  if (const Flow f = sink(v); f != Flow::more) return f;
  if (!v.is_array() && !v.is_object()) return Flow::more;
  const Value list = iterable(context, v);
  if (list.is_fault()) return Flow::fault;
  if (list.is_node()) {
    for (const json::Node e : list.as_node().elements())
      if (const Flow f = recurse(context, Value::of(e), sink, depth + 1); f != Flow::more) return f;
    return Flow::more;
  }
  const auto& items = list.array_block().items;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (const Flow f = recurse(context, items[i], sink, depth + 1); f != Flow::more) return f;
  return Flow::more;
}

Flow pipe(Context& context, const Node& n, std::size_t i, const Value& input, Sink sink) {
  if (i + 1 == n.kids.size()) return give(context, *n.kids[i], input, sink);
  if (!n.kids[i]->many) {
    const Value v = evaluate(context, *n.kids[i], input);
    if (!v.is_output()) return v.is_none() ? Flow::more : Flow::fault;
    return pipe(context, n, i + 1, v, sink);
  }
  auto next = [&](Value v) { return pipe(context, n, i + 1, v, sink); };
  return give(context, *n.kids[i], input, next);
}

Flow limit(Context& context, const Node& n, const Value& input, Sink sink) {
  const Value most = evaluate(context, *n.kids[0], input);
  if (!most.is_output()) return most.is_none() ? Flow::more : Flow::fault;
  const Value none = Value::integer(0);
  const int sign = compare(most, none);
  if (sign < 0) {
    context.fail("limit doesn't support negative count");
    return Flow::fault;
  }
  if (sign == 0) return Flow::more;
  Value left = most;
  Flow outside = Flow::more;
  auto count = [&](Value v) {
    left = subtract(context, std::move(left), Value::integer(1));
    outside = left.is_fault() ? Flow::fault : sink(std::move(v));
    if (outside != Flow::more) return outside;
    return compare(left, none) <= 0 ? Flow::stop : Flow::more;
  };
  const Flow f = give(context, *n.kids[1], input, count);
  return f == Flow::stop && outside == Flow::more ? Flow::more : f;
}

// `reduce` and `foreach`: the state goes through the update for each output of the source.
Value fold(Context& context, const Node& n, const Value& input, Value state, const Sink* sink, Flow& flow) {
  auto step = [&](Value v) {
    context.locals[n.local] = std::move(v);
    state = evaluate_owned(context, *n.kids[2], std::move(state));
    if (state.is_fault()) return Flow::fault;
    if (state.is_none()) {
      state = Value();
      return Flow::more;
    }
    if (sink == nullptr) return Flow::more;
    if (n.kids.size() < 4) return (*sink)(state);
    return give(context, *n.kids[3], state, *sink);
  };
  flow = give(context, *n.kids[0], input, step);
  context.locals[n.local] = Value();
  return state;
}

Flow foreach (Context& context, const Node& n, const Value& input, Sink sink) {
  Value state = evaluate(context, *n.kids[1], input);
  if (!state.is_output()) return state.is_none() ? Flow::more : Flow::fault;
  Flow flow = Flow::more;
  fold(context, n, input, std::move(state), &sink, flow);
  return flow;
}

Flow give(Context& context, const Node& n, const Value& input, Sink sink) {
  if (!n.many) {
    Value v = evaluate(context, n, input);
    if (!v.is_output()) return v.is_none() ? Flow::more : Flow::fault;
    return sink(std::move(v));
  }
  switch (n.type) {
    case Type::comma:
      for (const auto& k : n.kids)
        if (const Flow f = give(context, *k, input, sink); f != Flow::more) return f;
      return Flow::more;
    case Type::each:
      return each(context, n, input, sink);
    case Type::range:
      return range(context, n, input, sink);
    case Type::recurse:
      return recurse(context, input, sink, 0);
    case Type::pipe:
      return pipe(context, n, 0, input, sink);
    case Type::condition: {
      const Truth t = test(context, *n.kids[0], input);
      if (t > Truth::yes) return t == Truth::none ? Flow::more : Flow::fault;
      return give(context, *n.kids[t == Truth::yes ? 1 : 2], input, sink);
    }
    case Type::bind: {
      auto body = [&](Value v) {
        context.locals[n.local] = std::move(v);
        return give(context, *n.kids[1], input, sink);
      };
      const Flow f = give(context, *n.kids[0], input, body);
      context.locals[n.local] = Value();
      return f;
    }
    case Type::limit:
      return limit(context, n, input, sink);
    case Type::foreach:
      return foreach (context, n, input, sink);
    default:
      return Flow::more;
  }
}

}  // namespace

Value consume(Context& context, const Node& n, const Value& input) {
  Value out;
  switch (n.type) {
    case Type::collect: {
      out = Value::array(context.heap);
      auto push = [&](Value v) {
        out.array_block().push(std::move(v));
        if (!context.heap.over()) [[likely]]
          return Flow::more;
        context.too_large();
        return Flow::fault;
      };
      if (give(context, *n.kids[0], input, push) == Flow::fault) return Value::fault();
      return context.grown(std::move(out));
    }
    case Type::reduce: {
      out = evaluate(context, *n.kids[1], input);
      if (!out.is_output()) return out;
      Flow flow = Flow::more;
      out = fold(context, n, input, std::move(out), nullptr, flow);
      return flow == Flow::fault ? Value::fault() : std::move(out);
    }
    case Type::first: {
      out = Value::none();
      auto keep = [&](Value v) {
        out = std::move(v);
        return Flow::stop;
      };
      return give(context, *n.kids[0], input, keep) == Flow::fault ? Value::fault() : std::move(out);
    }
    case Type::last: {
      out = Value::none();
      auto keep = [&](Value v) {
        out = std::move(v);
        return Flow::more;
      };
      return give(context, *n.kids[0], input, keep) == Flow::fault ? Value::fault() : std::move(out);
    }
    case Type::any:
    case Type::all: {
      const Truth wanted = n.type == Type::any ? Truth::yes : Truth::no;
      bool found = false;
      auto look = [&](Value v) {
        const Truth t = test(context, *n.kids[1], v);
        if (t == Truth::fault) return Flow::fault;
        found = t == wanted;
        return found ? Flow::stop : Flow::more;
      };
      if (give(context, *n.kids[0], input, look) == Flow::fault) return Value::fault();
      return Value::boolean(found == (n.type == Type::any));
    }
    case Type::add: {
      auto sum = [&](Value v) {
        out = add(context, std::move(out), std::move(v));
        return out.is_fault() ? Flow::fault : Flow::more;
      };
      return give(context, *n.kids[0], input, sum) == Flow::fault ? Value::fault() : std::move(out);
    }
    case Type::bind: {
      Value v = evaluate(context, *n.kids[0], input);
      if (!v.is_output()) return v;
      context.locals[n.local] = std::move(v);
      out = evaluate(context, *n.kids[1], input);
      context.locals[n.local] = Value();
      return out;
    }
    default:
      return Value::none();
  }
}

bool stream(Context& context, const Node& n, const Value& input, Output output, void* self) {
  auto sink = [&](Value v) { return output(self, std::move(v)); };
  return give(context, n, input, sink) != Flow::fault;
}

}  // namespace sz::expr::direct
