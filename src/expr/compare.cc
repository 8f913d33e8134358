#include "expr/compare.h"

#include <cmath>
#include <string>

#include "expr/blocks.h"

namespace sz::expr {

namespace {

using json::Kind;

int rank(const Value& v) {
  switch (v.kind()) {
    case Kind::null:
      return 0;
    case Kind::boolean:
      return v.is_truthy() ? 2 : 1;
    case Kind::number:
      return 3;
    case Kind::string:
      return 4;
    case Kind::array:
      return 5;
    case Kind::object:
      return 6;
  }
  return 0;
}

int sign(int c) { return c < 0 ? -1 : c > 0 ? 1 : 0; }

int compare_integer(std::int64_t i, double d) {
  constexpr double two63 = 9223372036854775808.0;
  if (d >= two63) return -1;
  if (d < -two63) return 1;
  const double whole = std::floor(d);
  const auto w = static_cast<std::int64_t>(whole);
  if (i != w) return i < w ? -1 : 1;
  return d > whole ? -1 : 0;
}

// Both forms of an array read alike.
constexpr json::Slots no_slots{};

class Cursor {
 public:
  explicit Cursor(const Value& array)
      : array_(array),
        at_(array.is_node() ? array.as_node().elements().begin() : json::Elements::Iterator(no_slots, 0)),
        end_(array.is_node() ? array.as_node().elements().end() : json::Elements::Iterator(no_slots, 0)) {}
  bool at_end() const { return array_.is_node() ? !(at_ != end_) : i_ == array_.array_block().items.size(); }
  Value take() {
    if (!array_.is_node()) return array_.array_block().items[i_++];
    const Value v = Value::of(*at_);
    ++at_;
    return v;
  }

 private:
  const Value& array_;
  json::Elements::Iterator at_, end_;
  std::size_t i_ = 0;
};

int compare_arrays(const Value& a, const Value& b) {
  Cursor x(a), y(b);
  while (!x.at_end() && !y.at_end()) {
    const Value p = x.take(), q = y.take();
    if (const int c = compare(p, q); c != 0) return c;
  }
  return x.at_end() ? (y.at_end() ? 0 : -1) : 1;
}

int compare_objects(const Value& a, const Value& b) {
  Heap heap(static_cast<std::size_t>(-1));
  const Value x = built_object(heap, a), y = built_object(heap, b);
  const ObjectBlock &p = x.object_block(), &q = y.object_block();
  const auto s = p.sorted(), t = q.sorted();
  for (std::size_t i = 0; i < s.size() && i < t.size(); ++i) {
    const auto m = ObjectBlock::name(p.members[s[i]]), n = ObjectBlock::name(q.members[t[i]]);
    if (const int c = m.compare(n); c != 0) return sign(c);
  }
  if (s.size() != t.size()) return s.size() < t.size() ? -1 : 1;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (const int c = compare(p.members[s[i]].value, q.members[t[i]].value); c != 0) return c;
  }
  return 0;
}

}  // namespace

int compare(const json::Number& a, const json::Number& b) {
  if (a.integer && b.integer) return a.i < b.i ? -1 : a.i > b.i ? 1 : 0;
  if (std::isnan(a.d)) return -1;
  if (std::isnan(b.d)) return 1;
  if (a.integer) return compare_integer(a.i, b.d);
  if (b.integer) return -compare_integer(b.i, a.d);
  return a.d < b.d ? -1 : a.d > b.d ? 1 : 0;
}

int compare(const Value& a, const Value& b) {
  const int r = rank(a), s = rank(b);
  if (r != s) return r < s ? -1 : 1;
  switch (r) {
    case 3:
      return compare(a.number(), b.number());
    case 4: {
      std::string p, q;
      return sign(a.text(p).compare(b.text(q)));
    }
    case 5:
      return compare_arrays(a, b);
    case 6:
      return compare_objects(a, b);
    default:
      return 0;
  }
}

bool equal(const Value& a, const Value& b) {
  // The same text is the same value; NaN cannot be written in JSON.
  if (a.is_node() && b.is_node() && a.as_node().raw() == b.as_node().raw()) return true;
  return compare(a, b) == 0;
}

}  // namespace sz::expr
