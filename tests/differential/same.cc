#include "differential/same.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "json/distinct.h"
#include "json/document.h"
#include "json/number.h"

namespace sz::differential {

using json::Kind;

bool same_value(const json::Node& a, const json::Node& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.boolean() == b.boolean();
    case Kind::number: {
      const double x = json::to_number(a.raw()).d, y = json::to_number(b.raw()).d;
      return x == y || std::fabs(x - y) <= 1e-14 * std::max(std::fabs(x), std::fabs(y));
    }
    case Kind::string: {
      std::string s, t;
      return a.string(s) == b.string(t);
    }
    case Kind::array: {
      if (a.size() != b.size()) return false;
      auto y = b.elements().begin();
      for (const json::Node x : a.elements()) {
        if (!same_value(x, *y)) return false;
        ++y;
      }
      return true;
    }
    case Kind::object: {
      if (a.size() != b.size()) return false;
      std::string s;
      for (const auto& m : a.members()) {
        const auto other = b.field(json::Key(std::string(m.key.string(s))));
        if (!other || !same_value(m.value, *other)) return false;
      }
      return true;
    }
  }
  return false;
}

namespace {

// A message up to its first value. Until 1.8.1 jq wrote `with string "a"` for `with string ("a")`, and `with
// number`.
std::string_view head(std::string_view message) {
  message = message.substr(0, message.find('('));
  if (message.starts_with("Cannot index ")) message = message.substr(0, message.find('"'));
  while (message.ends_with(' ')) message.remove_suffix(1);
  return message;
}

}  // namespace

bool same_answer(const std::string& a, const std::string& b, bool words) {
  json::Document x, y;
  const auto p = x.parse(a), q = y.parse(b);
  if (!p || !q) return false;
  const auto first = [](const json::Node& n) { return *n.element(0); };
  const bool failed = first(*p).raw() == "1";
  if (failed != (first(*q).raw() == "1")) return false;
  const json::Node left = *p->element(1), right = *q->element(1);
  if (!failed) return same_value(left, right);
  if (!words || left.kind() != Kind::string || right.kind() != Kind::string) return true;
  std::string s, t;
  const std::string l(left.string(s)), r(right.string(t));
  return head(l) == head(r);
}

}  // namespace sz::differential
