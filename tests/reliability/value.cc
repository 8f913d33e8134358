#include "value.h"

#include <cmath>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace sz::simulate {
namespace {

ValuePtr plain(Value::Kind kind, std::string raw) {
  Value v;
  v.kind = kind;
  v.raw = std::move(raw);
  return std::make_shared<const Value>(std::move(v));
}

bool is_integer(std::string_view raw) { return raw.find_first_of(".eE") == std::string_view::npos; }

}  // namespace

double Value::number() const { return std::strtod(raw.c_str(), nullptr); }

const ValuePtr* Value::find(std::string_view key) const {
  for (auto it = members.rbegin(); it != members.rend(); ++it)
    if (it->first == key) return &it->second;
  return nullptr;
}

ValuePtr null_value() { return plain(Value::Kind::null, "null"); }
ValuePtr boolean(bool b) { return plain(b ? Value::Kind::yes : Value::Kind::no, b ? "true" : "false"); }
ValuePtr number(std::string raw) { return plain(Value::Kind::number, std::move(raw)); }

ValuePtr string_value(std::string text) {
  Value v;
  v.kind = Value::Kind::string;
  v.raw = quoted(text);
  v.text = std::move(text);
  return std::make_shared<const Value>(std::move(v));
}

ValuePtr array(std::vector<ValuePtr> items, std::string_view space) {
  Value v;
  v.kind = Value::Kind::array;
  v.raw = "[";
  for (const ValuePtr& item : items) {
    if (v.raw.size() > 1) v.raw += ',';
    v.raw += space;
    v.raw += item->raw;
    v.raw += space;
  }
  v.raw += ']';
  v.items = std::move(items);
  return std::make_shared<const Value>(std::move(v));
}

ValuePtr object(std::vector<std::pair<std::string, ValuePtr>> members, std::string_view space,
                bool escape_first_key) {
  Value v;
  v.kind = Value::Kind::object;
  v.raw = "{";
  std::map<std::string, int, std::less<>> seen;
  for (const auto& [key, value] : members) {
    if (v.raw.size() > 1) v.raw += ',';
    v.raw += space;
    if (escape_first_key && seen.empty()) {
      v.raw += fmt::format("\"\\u00{:02x}{}\"", static_cast<unsigned>(key[0]), key.substr(1));
      v.tricky = true;
    } else {
      v.raw += quoted(key);
    }
    v.tricky |= ++seen[key] > 1;
    v.raw += space;
    v.raw += ':';
    v.raw += space;
    v.raw += value->raw;
    v.raw += space;
  }
  v.raw += '}';
  v.members = std::move(members);
  return std::make_shared<const Value>(std::move(v));
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out += '"';
}

std::string print_number(double x) {
  if (x == std::floor(x) && std::abs(x) < 1e15) return fmt::format("{}", static_cast<std::int64_t>(x));
  return fmt::format("{}", x);
}

std::string canonical(const Value& value) {
  switch (value.kind) {
    case Value::Kind::number:
      return is_integer(value.raw) ? value.raw : print_number(value.number());
    case Value::Kind::string:
      return quoted(value.text);
    case Value::Kind::array: {
      std::string out = "[";
      for (const ValuePtr& item : value.items) out += canonical(*item) + ',';
      return out + ']';
    }
    case Value::Kind::object: {
      std::map<std::string, std::string> sorted;
      for (const auto& [key, member] : value.members) sorted[key] = canonical(*member);
      std::string out = "{";
      for (const auto& [key, text] : sorted) out += quoted(key) + ':' + text + ',';
      return out + '}';
    }
    default:
      return value.raw;
  }
}

}  // namespace sz::simulate
