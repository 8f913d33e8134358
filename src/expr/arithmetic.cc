#include "expr/arithmetic.h"

#include <cmath>

#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/errors.h"

namespace sz::expr {

namespace {

using json::Kind;

Value concat(Context& context, Value a, const Value& b) {
  std::string s;
  const std::string_view tail = b.text(s);
  if (tail.empty()) return a;
  if (a.tag() == Value::Tag::string && a.unique()) {
    std::string& text = a.string_block().text;
    if (!context.heap.fits(tail.size())) return context.too_large();
    text += tail;  // when b is a itself it has two owners
    context.heap.charge(a.block(), sizeof(StringBlock) + text.capacity());
    return context.grown(std::move(a));
  }
  std::string s2;
  const std::string_view head = a.text(s2);
  if (!context.heap.fits(head.size() + tail.size())) return context.too_large();
  std::string text;
  text.reserve(head.size() + tail.size());
  text += head;
  text += tail;
  return context.grown(Value::string(context.heap, std::move(text)));
}

Value merge(Context& context, Value a, const Value& b) {
  Value out = own_object(context.heap, std::move(a));
  ObjectBlock& block = out.object_block();
  if (b.is_node()) {
    for (const auto& m : b.as_node().members())
      block.set(plain_string(context.heap, Value::of(m.key)), Value::of(m.value));
  } else {
    if (!context.spend(b.object_block().members.size())) return Value::fault();
    for (const auto& m : b.object_block().members) block.set(m.key, m.value);
  }
  return context.grown(std::move(out));
}

Value merge_deep(Context& context, Value a, const Value& b, std::uint32_t depth) {
  if (depth > max_built_depth) return context.too_deep();
  Value out = own_object(context.heap, std::move(a));
  const Value right = built_object(context.heap, b);
  for (const auto& m : right.object_block().members) {
    if (!context.spend(1)) return Value::fault();
    ObjectBlock& block = out.object_block();
    const std::size_t i = block.find(ObjectBlock::name(m));
    if (i != ObjectBlock::npos && block.members[i].value.is_object() && m.value.is_object()) {
      Value merged = merge_deep(context, std::move(block.members[i].value), m.value, depth + 1);
      if (merged.is_fault()) return merged;
      block.set(m.key, std::move(merged));
    } else {
      block.set(m.key, m.value);
    }
  }
  return context.grown(std::move(out));
}

Value repeat(Context& context, const Value& text, double times) {
  if (!(times >= 0)) return Value();  // also NaN
  std::string s;
  const std::string_view unit = text.text(s);
  const double n = std::floor(times);
  if (unit.empty()) return text;
  if (n == 0) return Value::view("");
  if (n * static_cast<double>(unit.size()) > static_cast<double>(context.max_value))
    return context.too_large();
  const auto count = static_cast<std::size_t>(n);
  if (!context.heap.fits(count * unit.size())) return context.too_large();
  std::string out;
  out.reserve(count * unit.size());
  for (std::size_t i = 0; i < count; ++i) out += unit;
  return context.grown(Value::string(context.heap, std::move(out)));
}

}  // namespace

Value add(Context& context, Value a, Value b) {
  const Kind ka = a.kind(), kb = b.kind();
  if (ka == Kind::null) return b;
  if (kb == Kind::null) return a;
  if (ka == kb) {
    switch (ka) {
      case Kind::number: {
        const json::Number x = a.number(), y = b.number();
        std::int64_t sum;
        if (x.integer && y.integer && !__builtin_add_overflow(x.i, y.i, &sum)) return Value::integer(sum);
        return Value::real(x.d + y.d);
      }
      case Kind::string:
        return concat(context, std::move(a), b);
      case Kind::array: {
        Value out = own_array(context.heap, std::move(a));
        const Value tail = built_array(context.heap, b);
        const auto& items = tail.array_block().items;
        if (!context.heap.fits(items.size() * sizeof(Value))) return context.too_large();
        if (!context.spend(items.size() / 16)) return Value::fault();
        ArrayBlock& block = out.array_block();
        block.items.insert(block.items.end(), items.begin(), items.end());
        block.depth = std::max(block.depth, tail.block().depth);
        block.account();
        return context.grown(std::move(out));
      }
      case Kind::object:
        return merge(context, std::move(a), b);
      default:
        break;
    }
  }
  return type_error(context, a, b, "cannot be added");
}

Value subtract(Context& context, Value a, Value b) {
  if (a.is_number() && b.is_number()) {
    const json::Number x = a.number(), y = b.number();
    std::int64_t difference;
    if (x.integer && y.integer && !__builtin_sub_overflow(x.i, y.i, &difference))
      return Value::integer(difference);
    return Value::real(x.d - y.d);
  }
  if (a.is_array() && b.is_array()) {
    const Value left = built_array(context.heap, a), right = built_array(context.heap, b);
    Value out = Value::array(context.heap);
    for (const Value& v : left.array_block().items) {
      bool found = false;
      if (!context.spend(1 + right.array_block().items.size())) return Value::fault();
      for (const Value& w : right.array_block().items) {
        if (equal(v, w)) {
          found = true;
          break;
        }
      }
      if (!found) out.array_block().push(v);
    }
    return context.grown(std::move(out));
  }
  return type_error(context, a, b, "cannot be subtracted");
}

Value multiply(Context& context, Value a, Value b) {
  const Kind ka = a.kind(), kb = b.kind();
  if (ka == Kind::number && kb == Kind::number) {
    const json::Number x = a.number(), y = b.number();
    std::int64_t product;
    if (x.integer && y.integer && !__builtin_mul_overflow(x.i, y.i, &product) &&
        (product != 0 || (x.i >= 0 && y.i >= 0)))
      return Value::integer(product);
    return Value::real(x.d * y.d);
  }
  if (ka == Kind::string && kb == Kind::number) return repeat(context, a, b.number().d);
  if (ka == Kind::number && kb == Kind::string) return repeat(context, b, a.number().d);
  if (ka == Kind::object && kb == Kind::object) return merge_deep(context, std::move(a), b, 0);
  return type_error(context, a, b, "cannot be multiplied");
}

Value divide(Context& context, Value a, Value b) {
  if (a.is_number() && b.is_number()) {
    const json::Number x = a.number(), y = b.number();
    if (y.d == 0) return type_error(context, a, b, "cannot be divided because the divisor is zero");
    if (x.integer && y.integer && x.i != 0 && y.i != -1 && x.i % y.i == 0) return Value::integer(x.i / y.i);
    return Value::real(x.d / y.d);
  }
  if (a.is_string() && b.is_string()) return split(context, a, b);
  return type_error(context, a, b, "cannot be divided");
}

namespace {

// As jq: cut off the fraction, stay within 64 bits.
std::int64_t to_integer(const json::Number& n) {
  if (n.integer) return n.i;
  constexpr double two63 = 9223372036854775808.0;
  if (n.d >= two63) return std::numeric_limits<std::int64_t>::max();
  if (n.d < -two63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(n.d);
}

}  // namespace

Value modulo(Context& context, Value a, Value b) {
  if (!a.is_number() || !b.is_number()) return type_error(context, a, b, "cannot be divided (remainder)");
  const json::Number x = a.number(), y = b.number();
  if (std::isnan(x.d) || std::isnan(y.d)) return Value::real(std::nan(""));
  const std::int64_t n = to_integer(x), d = to_integer(y);
  if (d == 0) return type_error(context, a, b, "cannot be divided (remainder) because the divisor is zero");
  return Value::integer(d == -1 ? 0 : n % d);
}

Value negate(Context& context, const Value& a) {
  if (!a.is_number()) return type_error(context, a, "cannot be negated");
  const json::Number x = a.number();
  if (x.integer && x.i != 0 && x.i != std::numeric_limits<std::int64_t>::min()) return Value::integer(-x.i);
  return Value::real(-x.d);
}

Value split(Context& context, const Value& text, const Value& separator) {
  std::string s, s2;
  std::string_view rest = text.text(s);
  const std::string_view by = separator.text(s2);
  // Pieces of text that outlives the result are borrowed.
  const bool borrow = text.tag() == Value::Tag::view || (text.is_node() && !text.as_node().string_escaped());
  const auto piece = [&](std::string_view p) {
    return borrow ? Value::view(p) : Value::string(context.heap, p);
  };
  Value out = Value::array(context.heap);
  ArrayBlock& block = out.array_block();
  if (rest.empty()) return out;
  if (by.empty()) {
    for (std::size_t i = 0; i < rest.size();) {
      std::size_t j = i + 1;
      while (j < rest.size() && (static_cast<unsigned char>(rest[j]) & 0xC0) == 0x80) ++j;
      block.push(piece(rest.substr(i, j - i)));
      if (context.heap.over()) return context.too_large();
      i = j;
    }
    return out;
  }
  for (;;) {
    const std::size_t at = rest.find(by);
    block.push(piece(rest.substr(0, at)));
    if (context.heap.over()) return context.too_large();
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + by.size());
  }
  return out;
}

}  // namespace sz::expr
