#include "expr/direct.h"

#include <cstring>

#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/machine.h"
#include "json/bytes.h"

namespace sz::expr::direct {

namespace {

using json::Kind;

Truth test_other(Context& context, const Node& n, const Value& input);

Value walk(Context& context, const Node& node, const Value& input) {
  Value v = field(context, input, *node.names[0]);
  for (std::size_t i = 1; i < node.names.size() && !v.is_fault(); ++i) v = field(context, v, *node.names[i]);
  return v;
}

/// Is a number of a record, with readable bytes behind it, an integer as a machine writes it? Then equal text
/// and equal value are the same thing.
bool plain_integer(std::string_view number) {
  if (number[0] == '-') number.remove_prefix(1);
  if (number.size() > 16) return false;
  const std::uint32_t all = (1U << number.size()) - 1;
  return (json::digits16(number.data()) & all) == all && number[0] != '0';
}

// What an access gives under `?`.
Value maybe(Context& context, const Node& n, Value v) {
  if (!n.optional || !v.is_fault() || context.fatal) return v;
  context.error = Value();
  return Value::none();
}

Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

/// Is a piece of a record, with readable bytes behind it, the constant's text?
bool is_text(const Node& n, std::string_view piece) {
  if (piece.size() != n.text.size()) return false;
  if (n.mask == 0) return piece == n.text;
  std::uint64_t head;
  std::memcpy(&head, piece.data(), sizeof head);
  return (head & n.mask) == n.head;
}

Truth compare_constant(const Node& n, const Value& v) {
  const Kind kind = v.kind();
  if (kind == n.kind) {
    if (kind == Kind::number) {
      if (n.plain_integer && n.op <= Operator::unequal && v.tag() == Value::Tag::integer)
        return truth((v.raw_integer() == n.number.i) == (n.op == Operator::equal));
      return truth(satisfies(n.op, compare(v.number(), n.number)));
    }
    if (kind == Kind::string) {
      std::string scratch;
      return truth(satisfies(n.op, v.text(scratch).compare(n.text)));
    }
  } else if (n.op == Operator::equal || n.op == Operator::unequal) {
    return truth(n.op == Operator::unequal);
  }
  return truth(satisfies(n.op, compare(v, n.constant)));
}

/// The same for a part of the record: whether two strings, or an integer and a number, are equal is seen in
/// the text.
Truth compare_constant(const Node& n, const json::Node& v) {
  if (n.op <= Operator::unequal && v.kind() == n.kind) {
    if (n.kind == Kind::string) return truth(v.string_is(*n.string) == (n.op == Operator::equal));
    if (n.plain_integer) {
      const std::string_view raw = v.raw();
      if (is_text(n, raw)) return truth(n.op == Operator::equal);
      if (plain_integer(raw)) return truth(n.op == Operator::unequal);
    }
  }
  return compare_constant(n, Value::of(v));
}

/// `kid op constant` where `kid` is a path of names: a record read in place needs no Value on the way.
Truth compare_path(Context& context, const Node& n, const Value& input) {
  const Node& path = *n.kids[0];
  if (input.is_node()) {
    json::Node at = input.as_node();
    for (std::size_t i = 0; i < path.names.size() && at.kind() == Kind::object; ++i) {
      const auto found = at.field(path.names[i]->key);
      if (!found) break;
      at = *found;
      if (i + 1 == path.names.size()) return compare_constant(n, at);
    }
  }
  const Value v = walk(context, path, input);
  return v.is_fault() ? Truth::fault : compare_constant(n, v);
}

Value object(Context& context, const Node& n, const Value& input) {
  Value out = Value::object(context.heap, n.kids.size() / 2);
  for (std::size_t i = 0; i < n.kids.size(); i += 2) {
    const Value key = evaluate(context, *n.kids[i], input);
    if (!key.is_output()) return key;
    Value v = evaluate(context, *n.kids[i + 1], input);
    if (!v.is_output()) return v;
    out = insert(context, std::move(out), key, std::move(v));
    if (out.is_fault()) return out;
  }
  return out;
}

Value array(Context& context, const Node& n, const Value& input) {
  Value out = Value::array(context.heap, n.kids.size());
  for (const auto& k : n.kids) {
    Value v = evaluate(context, *k, input);
    if (v.is_fault()) return v;
    if (v.is_output()) out.array_block().push(std::move(v));
  }
  return context.grown(std::move(out));
}

Value map(Context& context, const Node& n, const Value& input) {
  const Value subject = evaluate(context, *n.kids[0], input);
  if (subject.is_none()) return Value::array(context.heap);
  if (subject.is_fault()) return subject;
  if (n.optional && !subject.is_array() && !subject.is_object()) return Value::array(context.heap);
  const Value list = iterable(context, subject);
  if (list.is_fault()) return list;
  Value out = Value::array(context.heap);
  const auto one = [&](const Value& element) {
    if (!context.spend(2)) return false;
    Value v = evaluate(context, *n.kids[1], element);
    if (v.is_fault()) return false;
    if (v.is_output()) out.array_block().push(std::move(v));
    if (!context.heap.over()) return true;
    context.too_large();
    return false;
  };
  if (list.is_node()) {
    for (const json::Node e : list.as_node().elements())
      if (!one(Value::of(e))) return Value::fault();
  } else {
    for (const Value& e : list.array_block().items)
      if (!one(e)) return Value::fault();
  }
  return context.grown(std::move(out));
}

Value native(Context& context, const Node& n, Value input) {
  Value v[4];
  // As the machine: the last argument first.
  for (std::size_t i = n.kids.size(); i > 0; --i) {
    v[i] = evaluate(context, *n.kids[i - 1], input);
    if (!v[i].is_output()) return std::move(v[i]);
  }
  v[0] = std::move(input);
  return n.native->function(context, std::span(v, n.kids.size() + 1));
}

Value concat(Context& context, const Node& n, const Value& input) {
  Parts parts(n.kids.size());
  if (!concat_parts(context, n, input, parts.all())) return std::move(parts.all()[0]);
  std::string out = n.chunks[0];
  for (std::size_t i = 0; i < parts.all().size(); ++i) {
    out += parts.all()[i].text(context.scratch);
    if (!context.heap.fits(out.size())) return context.too_large();
    out += n.chunks[i + 1];
  }
  return Value::string(context.heap, std::move(out));
}

Value as_value(Truth t) {
  switch (t) {
    case Truth::no:
      return Value::boolean(false);
    case Truth::yes:
      return Value::boolean(true);
    case Truth::none:
      return Value::none();
    case Truth::fault:
      break;
  }
  return Value::fault();
}

}  // namespace

bool concat_parts(Context& context, const Node& n, const Value& input, std::span<Value> parts) {
  for (std::size_t i = parts.size(); i > 0; --i) {
    parts[i - 1] = evaluate(context, *n.kids[i - 1], input);
    if (parts[i - 1].is_output()) continue;
    std::swap(parts[0], parts[i - 1]);
    return false;
  }
  for (Value& part : parts) {
    part = n.native == nullptr ? to_text(context, part) : n.native->function(context, std::span(&part, 1));
    if (!part.is_fault()) continue;
    std::swap(parts[0], part);
    return false;
  }
  return true;
}

Value evaluate(Context& context, const Node& n, const Value& input) {
  switch (n.type) {
    case Type::identity:
      return input;
    case Type::path:
      return walk(context, n, input);
    case Type::field: {
      const Value subject = evaluate(context, *n.kids[0], input);
      if (!subject.is_output()) return subject;
      if (n.optional && !subject.is_object() && !subject.is_null()) return Value::none();
      return field(context, subject, *n.names[0]);
    }
    case Type::index: {
      const Value key = evaluate(context, *n.kids[1], input);
      if (!key.is_output()) return key;
      const Value subject = evaluate(context, *n.kids[0], input);
      return subject.is_output() ? maybe(context, n, index(context, subject, key)) : subject;
    }
    case Type::slice: {
      Value from, to;
      if (n.kids[1]) from = evaluate(context, *n.kids[1], input);
      if (!from.is_output()) return from;
      if (n.kids[2]) to = evaluate(context, *n.kids[2], input);
      if (!to.is_output()) return to;
      const Value subject = evaluate(context, *n.kids[0], input);
      return subject.is_output() ? maybe(context, n, slice(context, subject, from, to)) : subject;
    }
    case Type::constant:
      return n.constant;
    case Type::pipe: {
      Value v = evaluate(context, *n.kids[0], input);
      for (std::size_t i = 1; i < n.kids.size() && v.is_output(); ++i)
        v = evaluate_owned(context, *n.kids[i], std::move(v));
      return v;
    }
    case Type::object:
      return object(context, n, input);
    case Type::array:
      return array(context, n, input);
    case Type::map:
      return map(context, n, input);
    case Type::binary: {
      Value b = evaluate(context, *n.kids[1], input);
      if (!b.is_output()) return b;
      Value a = evaluate(context, *n.kids[0], input);
      if (!a.is_output()) return a;
      return apply(context, n.op, std::move(a), std::move(b));
    }
    case Type::negate: {
      const Value v = evaluate(context, *n.kids[0], input);
      return v.is_output() ? negate(context, v) : v;
    }
    case Type::compare:
    case Type::conjunction:
    case Type::disjunction:
    case Type::test:
      return as_value(test(context, n, input));
    case Type::alternative: {
      for (std::size_t i = 0; i + 1 < n.kids.size(); ++i) {
        Value a = evaluate(context, *n.kids[i], input);
        if (a.is_fault() || (a.is_output() && a.is_truthy())) return a;
      }
      return evaluate(context, *n.kids.back(), input);
    }
    case Type::condition: {
      const Truth t = test(context, *n.kids[0], input);
      if (t == Truth::yes) return evaluate(context, *n.kids[1], input);
      if (t == Truth::no) return evaluate(context, *n.kids[2], input);
      return as_value(t);
    }
    case Type::attempt: {
      Value v = evaluate(context, *n.kids[0], input);
      if (!v.is_fault() || context.fatal) return v;
      if (n.kids.size() == 1) return Value::none();
      const Value error = std::exchange(context.error, Value());
      return evaluate(context, *n.kids[1], error);
    }
    case Type::empty:
      return Value::none();
    case Type::native:
      return native(context, n, input);
    case Type::concat:
      return concat(context, n, input);
    case Type::set:
    case Type::update:
    case Type::update_with:
    case Type::default_to:
    case Type::remove:
      return edit(context, n, input);
    case Type::local:
      return context.locals[n.local];
    case Type::entries:
      return entries(context, n, input);
    case Type::variable:
      return context.machine->look(n.out, n.local);
    default:
      return consume(context, n, input);
  }
  return Value::none();
}

Value evaluate_owned(Context& context, const Node& n, Value input) {
  switch (n.type) {
    case Type::identity:
      return input;
    case Type::condition: {
      const Truth t = test(context, *n.kids[0], input);
      if (t == Truth::yes) return evaluate_owned(context, *n.kids[1], std::move(input));
      if (t == Truth::no) return evaluate_owned(context, *n.kids[2], std::move(input));
      return as_value(t);
    }
    case Type::pipe: {
      Value v = std::move(input);
      for (std::size_t i = 0; i < n.kids.size() && v.is_output(); ++i)
        v = evaluate_owned(context, *n.kids[i], std::move(v));
      return v;
    }
    case Type::native:
      return native(context, n, std::move(input));
    case Type::binary: {
      if (n.kids[0]->type != Type::identity) break;
      Value b = evaluate(context, *n.kids[1], input);
      return b.is_output() ? apply(context, n.op, std::move(input), std::move(b)) : b;
    }
    case Type::set:
    case Type::update:
    case Type::update_with:
    case Type::default_to:
    case Type::remove:
      return edit(context, n, std::move(input));
    default:
      break;
  }
  return evaluate(context, n, input);
}

Truth test(Context& context, const Node& n, const Value& input) {
  if (n.type == Type::compare && n.kids[0]->type == Type::path) return compare_path(context, n, input);
  return test_other(context, n, input);
}

namespace {

Truth test_other(Context& context, const Node& n, const Value& input) {
  switch (n.type) {
    case Type::compare: {
      const Value v = evaluate(context, *n.kids[0], input);
      if (!v.is_output()) return v.is_none() ? Truth::none : Truth::fault;
      return v.is_node() ? compare_constant(n, v.as_node()) : compare_constant(n, v);
    }
    case Type::conjunction:
    case Type::disjunction: {
      for (std::size_t i = 0; i + 1 < n.kids.size(); ++i) {
        const Truth a = test(context, *n.kids[i], input);
        if (a > Truth::yes || (a == Truth::yes) == (n.type == Type::disjunction)) return a;
      }
      return test(context, *n.kids.back(), input);
    }
    case Type::condition: {
      const Truth t = test(context, *n.kids[0], input);
      if (t == Truth::yes) return test(context, *n.kids[1], input);
      return t == Truth::no ? test(context, *n.kids[2], input) : t;
    }
    case Type::pipe: {
      Value v = evaluate(context, *n.kids[0], input);
      for (std::size_t i = 1; i + 1 < n.kids.size() && v.is_output(); ++i)
        v = evaluate_owned(context, *n.kids[i], std::move(v));
      if (!v.is_output()) return v.is_none() ? Truth::none : Truth::fault;
      return test(context, *n.kids.back(), v);
    }
    case Type::test: {
      if (!input.is_string()) {
        Value v[2] = {input, Value::view("")};
        find_native("test", 1)->function(context, std::span(v));
        return Truth::fault;
      }
      const std::string_view text = input.text(context.scratch);
      if (!context.spend(text.size() / 64)) return Truth::fault;
      return truth(n.regex->matches(text));
    }
    default: {
      const Value v = evaluate(context, n, input);
      if (!v.is_output()) return v.is_none() ? Truth::none : Truth::fault;
      return truth(v.is_truthy());
    }
  }
}

}  // namespace

}  // namespace sz::expr::direct
