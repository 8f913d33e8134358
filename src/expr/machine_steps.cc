#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/direct.h"
#include "expr/errors.h"
#include "expr/machine.h"

// What single instructions do: access with its paths, computing, assignment.

namespace sz::expr {

bool Machine::access(const Instruction& i) {
  if (i.op == Op::path_begin) {
    Value v = pop();
    push(std::move(path_));
    push(Value::integer(static_cast<std::int64_t>(nest_) * 2 + (tracking_ ? 1 : 0)));
    push(std::move(at_path_));
    path_ = Value::array(context_.heap);
    at_path_ = v;
    nest_ = 0;
    tracking_ = true;
    push(std::move(v));
    ++pc_;
    return true;
  }
  if (i.op == Op::path_end) {
    if (!intact(top())) {
      context_.fail("Invalid path expression with result " + preview(top()));
      return raise();
    }
    pop();
    Value path = std::move(path_);
    at_path_ = pop();
    const std::int64_t state = pop().raw_integer();
    path_ = pop();
    nest_ = static_cast<std::uint32_t>(state / 2);
    tracking_ = state % 2 != 0;
    push(std::move(path));
    ++pc_;
    return true;
  }
  Value subject = pop();
  Value key, from, to;
  switch (i.op) {
    case Op::field:
      key = code_.names[i.a].value;
      break;
    case Op::slice:
      if ((i.a & 2) != 0) to = pop();
      if ((i.a & 1) != 0) from = pop();
      if (tracked()) {
        key = Value::object(context_.heap, 2);
        key.object_block().set(Value::view("start"), from);
        key.object_block().set(Value::view("end"), to);
      }
      break;
    default:
      key = pop();
      break;
  }
  if (!intact(subject)) {
    context_.fail("Invalid path expression near attempt to access element " + preview(key) + " of " +
                  preview(subject));
    return raise();
  }
  Value v;
  if (i.op == Op::getpath) {
    // jq: what cannot be got under path() is null; its path still counts.
    v = get_path(context_, subject, key);
    if (v.is_fault()) return raise();
    if (tracked()) {
      const Value keys = built_array(context_.heap, key);
      path_ = own_array(context_.heap, std::move(path_));
      for (const Value& k : keys.array_block().items) path_.array_block().push(k);
      at_path_ = v;
    }
  } else {
    v = i.op == Op::field   ? expr::field(context_, subject, code_.names[i.a])
        : i.op == Op::index ? expr::index(context_, subject, key)
                            : expr::slice(context_, subject, from, to);
    if (v.is_fault()) return no_access(i.c != 0);
    track(std::move(key), v);
  }
  push(std::move(v));
  ++pc_;
  return true;
}

bool Machine::compute(const Instruction& i) {
  switch (i.op) {
    case Op::constant:
      replace(code_.constants[i.a]);
      break;
    case Op::direct: {
      Value v = direct::evaluate_owned(context_, *code_.nodes[i.a], pop());
      if (v.is_none()) return backtrack();
      if (v.is_fault()) return raise();
      push(std::move(v));
      break;
    }
    case Op::push_direct: {
      Value v = direct::evaluate(context_, *code_.nodes[i.a], top());
      if (v.is_none()) return backtrack();
      if (v.is_fault()) return raise();
      Value input = pop();
      push(std::move(v));
      push(std::move(input));
      break;
    }
    case Op::object: {
      Value input = pop();
      push(Value::object(context_.heap));
      push(std::move(input));
      break;
    }
    case Op::insert: {
      Value input = pop(), v = pop(), key = pop(), object = pop();
      object = insert(context_, std::move(object), key, std::move(v));
      if (object.is_fault()) return raise();
      push(std::move(object));
      push(std::move(input));
      break;
    }
    case Op::binary: {
      pop();
      Value a = pop();
      Value b = pop();
      Value v = apply(context_, static_cast<Operator>(i.a), std::move(a), std::move(b));
      if (v.is_fault()) return raise();
      push(std::move(v));
      break;
    }
    case Op::negate:
      return give(negate(context_, top()));
    case Op::native: {
      const Native& n = natives()[i.a];
      Value v[4];
      for (std::uint32_t k = 0; k <= n.arity; ++k) v[k] = pop();
      Value out = n.function(context_, std::span(v, n.arity + 1));
      if (out.is_fault()) return raise();
      push(std::move(out));
      break;
    }
    case Op::concat: {
      const Template& t = code_.templates[i.a];
      pop();
      std::string out;
      for (const auto& part : t.parts) {
        if (!part.hole) {
          out += part.text;
          continue;
        }
        Value text = pop();
        text = t.converts == nullptr ? to_text(context_, text)
                                     : t.converts->function(context_, std::span(&text, 1));
        if (text.is_fault()) return raise();
        out += text.text(context_.scratch);
        if (!context_.heap.fits(out.size())) {
          context_.too_large();
          return raise();
        }
      }
      push(Value::string(context_.heap, std::move(out)));
      break;
    }
    default:
      break;
  }
  ++pc_;
  return true;
}

bool Machine::modify(const Instruction& i) {
  if (i.op == Op::set) {
    const Value path = pop();
    Value& root = variable(i.a, i.b);
    Value changed = set_path(context_, std::exchange(root, Value()), path, variable(0, i.c));
    if (changed.is_fault()) return raise();
    variable(i.a, i.b) = std::move(changed);
  } else if (i.op == Op::modify_begin) {
    Value path = pop();
    Value v = get_path(context_, variable(i.a, i.b), path);
    if (v.is_fault()) return raise();
    variable(0, i.c) = std::move(path);
    if (v.is_built() && !v.unique()) {
      // Let go of it in the root, so that the update can change it in place.
      Value changed =
          set_path(context_, std::exchange(variable(i.a, i.b), Value()), variable(0, i.c), Value());
      if (changed.is_fault()) return raise();
      variable(i.a, i.b) = std::move(changed);
    }
    push(std::move(v));
  } else {
    Value v = pop();
    Value changed =
        set_path(context_, std::exchange(variable(i.a, i.b), Value()), variable(0, i.c), std::move(v));
    if (changed.is_fault()) return raise();
    variable(i.a, i.b) = std::move(changed);
  }
  ++pc_;
  return true;
}

}  // namespace sz::expr
