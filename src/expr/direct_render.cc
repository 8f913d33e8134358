#include <cstring>

#include "expr/direct.h"
#include "json/write.h"

// Output as text, straight from the record's bytes.

namespace sz::expr::direct {

namespace {

// The members that the object's paths begin with, in one walk from the last member to the first: of equal
// names the last one written counts.
void gather(const Node& n, const json::Node& object, json::Node* found) {
  const json::Slots& s = object.slots();
  struct Wanted {
    const json::Key* key;
    json::Node* found;
  } wanted[max_gathered];
  std::size_t missing = n.chunks.size();
  for (std::size_t k = 0; k < missing; ++k) wanted[k] = {&n.kids[k * 2 + 1]->names[0]->key, found + k};
  std::uint32_t end = s.link[object.slot()];
  if (end == object.slot() + 1) return;
  do {
    std::uint32_t value = end - 1;
    const char c = s.bytes[s.at[value]];
    if (c == '}' || c == ']') value = s.link[value];
    const std::uint32_t name = value - 2;
    const char* const quote = s.bytes + s.at[name];
    if (s.link[name] == 0) [[likely]] {
      for (std::size_t k = 0; k < missing;) {
        if (!wanted[k].key->is_plain(quote)) {
          ++k;
          continue;
        }
        *wanted[k].found = json::Node(s, value);
        wanted[k] = wanted[--missing];  // two paths may begin with the same name: go on
      }
    } else {
      for (std::size_t k = 0; k < missing;) {
        if (!json::Node(s, name).string_is(wanted[k].key->name())) {
          ++k;
          continue;
        }
        *wanted[k].found = json::Node(s, value);
        wanted[k] = wanted[--missing];
      }
    }
    end = name - 1;
  } while (end != object.slot() && missing != 0);
}

Rendering render_gathered(Context& context, const Node& n, const json::Node& object, std::string& out) {
  json::Node found[max_gathered];
  gather(n, object, found);
  const std::size_t count = n.chunks.size();
  std::string_view values[max_gathered];
  std::size_t total = 1;
  for (std::size_t k = 0; k < count; ++k) {
    const auto& names = n.kids[k * 2 + 1]->names;
    Value v = found[k].valid() ? Value::of(found[k]) : Value();
    for (std::size_t i = 1; i < names.size() && !v.is_fault(); ++i) v = field(context, v, *names[i]);
    if (v.is_fault()) return Rendering::fault;
    values[k] = v.is_node() ? v.as_node().raw() : std::string_view("null");
    total += n.chunks[k].size() + values[k].size();
  }
  const std::size_t before = out.size();
  // Its second argument is not used: libstdc++ 12 hands in the capacity that it grew to.
  out.resize_and_overwrite(before + total, [&](char* to, std::size_t) {
    char* at = to + before;
    for (std::size_t k = 0; k < count; ++k) {
      std::memcpy(at, n.chunks[k].data(), n.chunks[k].size());
      at += n.chunks[k].size();
      std::memcpy(at, values[k].data(), values[k].size());
      at += values[k].size();
    }
    *at = '}';
    return before + total;
  });
  return Rendering::text;
}

// An interpolated string, written where it is to stand.
Rendering render_concat(Context& context, const Node& n, const Value& input, std::string& out) {
  Parts parts(n.kids.size());
  const auto all = parts.all();
  if (!concat_parts(context, n, input, all)) return all[0].is_none() ? Rendering::none : Rendering::fault;
  const std::size_t before = out.size();
  out += '"';
  out += n.quoted[0];
  for (std::size_t i = 0; i < all.size(); ++i) {
    json::append_string_content(out, all[i].text(context.scratch));
    if (!context.heap.fits(out.size() - before)) {
      context.too_large();
      return Rendering::fault;
    }
    out += n.quoted[i + 1];
  }
  out += '"';
  return Rendering::text;
}

}  // namespace

Rendering render(Context& context, const Node& n, const Value& input, std::string& out, json::Node& part) {
  if (n.type == Type::pipe) {
    Value v = evaluate(context, *n.kids[0], input);
    for (std::size_t i = 1; i + 1 < n.kids.size() && v.is_output(); ++i)
      v = evaluate_owned(context, *n.kids[i], std::move(v));
    if (v.is_output()) return render(context, *n.kids.back(), v, out, part);
    return v.is_none() ? Rendering::none : Rendering::fault;
  }
  if (n.type == Type::condition) {
    const Truth t = test(context, *n.kids[0], input);
    if (t == Truth::yes) return render(context, *n.kids[1], input, out, part);
    if (t == Truth::no) return render(context, *n.kids[2], input, out, part);
    return t == Truth::none ? Rendering::none : Rendering::fault;
  }
  if (n.gathers && input.is_node() && input.as_node().kind() == json::Kind::object)
    return render_gathered(context, n, input.as_node(), out);
  if (n.type == Type::object && !n.chunks.empty()) {
    for (std::size_t i = 0; i < n.chunks.size(); ++i) {
      out += n.chunks[i];
      const Rendering r = render(context, *n.kids[i * 2 + 1], input, out, part);
      if (r == Rendering::node) {
        out += part.raw();
      } else if (r != Rendering::text) {
        return r;
      }
    }
    out += '}';
    return Rendering::text;
  }
  if (n.type == Type::concat) return render_concat(context, n, input, out);
  const Value v = evaluate(context, n, input);
  if (v.is_node()) {
    part = v.as_node();
    return Rendering::node;
  }
  if (!v.is_output()) return v.is_none() ? Rendering::none : Rendering::fault;
  if (!v.append_json(out, context.max_value)) {
    context.too_large();
    return Rendering::fault;
  }
  return Rendering::text;
}

}  // namespace sz::expr::direct
