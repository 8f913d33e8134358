#include <cmath>
#include <string>

#include "expr/blocks.h"
#include "expr/value.h"
#include "json/distinct.h"
#include "json/write.h"

// How Values become text: as they leave, compact, and canonical.

namespace sz::expr {

namespace {

enum class Form { as_is, compact, canonical };

// A number's canonical form is defined on its text: as a Node of its own.
void put_canonical_number(std::string text, std::string& out) {
  const std::uint32_t at[2] = {0, static_cast<std::uint32_t>(text.size())};
  const std::uint32_t link[2] = {0, 0};
  text.append(64, ' ');
  const json::Slots slots{text.data(), at, link};
  json::append_canonical(out, json::Node(slots, 0));
}

void put_number(const Value& v, Form form, std::string& out) {
  const json::Number n = v.number();
  if (n.integer) {
    json::append_number(out, n.i);
  } else if (form == Form::canonical && std::isnan(n.d)) {
    out += "null";
  } else if (form == Form::canonical) {
    std::string text;
    json::append_number(text, n.d);
    put_canonical_number(std::move(text), out);
  } else {
    json::append_number(out, n.d);
  }
}

// What tojson makes of a part of the record: repeated names reduced to the last, strings in their shortest
// form, numbers as written.
bool put_node(const json::Node& node, std::string& out, std::size_t most) {
  std::string scratch;
  switch (node.kind()) {
    case json::Kind::string:
      json::append_string(out, node.string(scratch));
      break;
    case json::Kind::array: {
      char before = '[';
      for (const json::Node e : node.elements()) {
        out += before;
        before = ',';
        if (!put_node(e, out, most)) return false;
      }
      out += node.empty() ? "[]" : "]";
      break;
    }
    case json::Kind::object: {
      char before = '{';
      const auto one = [&](const json::Members::Member& m) {
        out += before;
        before = ',';
        json::append_string(out, m.key.string(scratch));
        out += ':';
        return put_node(m.value, out, most);
      };
      if (json::has_repeated_names(node)) {
        for (const auto& m : json::distinct_members(node))
          if (!one(m)) return false;
      } else {
        for (const auto& m : node.members())
          if (!one(m)) return false;
      }
      out += node.empty() ? "{}" : "}";
      break;
    }
    default:
      out += node.raw();
      break;
  }
  return out.size() <= most;
}

// False once `out` is too long. Built depth is bounded, so is the recursion.
bool put(const Value& v, Form form, std::string& out, std::size_t most) {
  switch (v.tag()) {
    case Value::Tag::false_:
      out += "false";
      break;
    case Value::Tag::true_:
      out += "true";
      break;
    case Value::Tag::integer:
    case Value::Tag::real:
      put_number(v, form, out);
      break;
    case Value::Tag::number:
      if (form == Form::canonical) {
        put_canonical_number(std::string(v.number_text()), out);
      } else {
        out += v.number_text();
      }
      break;
    case Value::Tag::node:
      if (form == Form::as_is) {
        out += v.as_node().raw();
      } else if (form == Form::compact) {
        if (!put_node(v.as_node(), out, most)) return false;
      } else {
        json::append_canonical(out, v.as_node());
      }
      break;
    case Value::Tag::view:
      json::append_string(out, v.raw_view());
      break;
    case Value::Tag::string:
      json::append_string(out, v.string_block().text);
      break;
    case Value::Tag::array: {
      out += '[';
      bool first = true;
      for (const Value& e : v.array_block().items) {
        if (!first) out += ',';
        first = false;
        if (!put(e, form, out, most)) return false;
      }
      out += ']';
      break;
    }
    case Value::Tag::object: {
      const ObjectBlock& block = v.object_block();
      out += '{';
      bool first = true;
      const auto one = [&](const ObjectBlock::Member& m) {
        if (!first) out += ',';
        first = false;
        json::append_string(out, ObjectBlock::name(m));
        out += ':';
        return put(m.value, form, out, most);
      };
      if (form == Form::canonical) {
        for (const std::uint32_t i : block.sorted())
          if (!one(block.members[i])) return false;
      } else {
        for (const auto& m : block.members)
          if (!one(m)) return false;
      }
      out += '}';
      break;
    }
    default:
      out += "null";
      break;
  }
  return out.size() <= most;
}

constexpr std::size_t any = static_cast<std::size_t>(-1);

}  // namespace

void Value::append_json(std::string& out) const { put(*this, Form::as_is, out, any); }
bool Value::append_json(std::string& out, std::size_t most) const {
  return put(*this, Form::as_is, out, most);
}
void Value::append_canonical(std::string& out) const { put(*this, Form::canonical, out, any); }
bool Value::append_compact(std::string& out, std::size_t most) const {
  return put(*this, Form::compact, out, most);
}

}  // namespace sz::expr
