#include <string>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/blocks.h"
#include "expr/encoding.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "expr/utf8_text.h"
#include "json/write.h"

// The formats: @csv and its like, as builtins of that name.

namespace sz::expr {

namespace {

using json::Kind;
using Args = std::span<Value>;

Value made(Context& context, std::string text) {
  if (!context.heap.fits(text.size())) return context.too_large();
  return context.grown(Value::string(context.heap, std::move(text)));
}

Value as_text(Context& context, Args v) { return to_text(context, v[0]); }
Value as_json(Context& context, Args v) { return to_json(context, v[0]); }

void append_csv(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_tsv(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
}

template <bool csv>
Value as_row(Context& context, Args v) {
  if (!v[0].is_array())
    return type_error(context, v[0],
                      csv ? "cannot be csv-formatted, only array" : "cannot be tsv-formatted, only array");
  const Value list = built_array(context.heap, v[0]);
  std::string out, scratch;
  bool first = true;
  for (const Value& cell : list.array_block().items) {
    if (!first) out += csv ? ',' : '\t';
    first = false;
    if (!context.spend(1)) return Value::fault();
    switch (cell.kind()) {
      case Kind::null:
        break;
      case Kind::boolean:
        out += cell.is_truthy() ? "true" : "false";
        break;
      case Kind::number:
        if (const double d = cell.number().d; d == d) cell.append_json(out);
        break;
      case Kind::string:
        if (csv) {
          append_csv(out, cell.text(scratch));
        } else {
          append_tsv(out, cell.text(scratch));
        }
        break;
      default:
        return type_error(context, cell, "is not valid in a csv row");
    }
    if (!context.heap.fits(out.size())) return context.too_large();
  }
  return made(context, std::move(out));
}

Value as_html(Context& context, Args v) {
  const Value text = to_text(context, v[0]);
  if (text.is_fault()) return text;
  std::string out, scratch;
  for (const char c : text.text(scratch)) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return made(context, std::move(out));
}

// RFC 3986: all but its unreserved characters.
Value as_uri(Context& context, Args v) {
  const Value text = to_text(context, v[0]);
  if (text.is_fault()) return text;
  std::string out, scratch;
  for (const char c : text.text(scratch)) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
        c == '.' || c == '~') {
      out += c;
    } else {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return made(context, std::move(out));
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Value from_uri(Context& context, Args v) {
  const Value text = to_text(context, v[0]);
  if (text.is_fault()) return text;
  std::string out, scratch;
  const std::string_view s = text.text(scratch);
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      out += s[i];
      continue;
    }
    const int high = i + 2 < s.size() ? hex(s[i + 1]) : -1, low = i + 2 < s.size() ? hex(s[i + 2]) : -1;
    if (high < 0 || low < 0) return type_error(context, text, "is not a valid uri encoding");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  const std::size_t size = out.size();
  std::string valid = repaired(std::move(out));
  if (valid.size() != size) return type_error(context, text, "is not a valid uri encoding");
  return made(context, std::move(valid));
}

Value as_shell(Context& context, Args v) {
  const Value list = v[0].is_array() ? built_array(context.heap, v[0]) : Value();
  const std::span<const Value> words =
      v[0].is_array() ? std::span<const Value>(list.array_block().items) : std::span<const Value>(&v[0], 1);
  std::string out, scratch;
  bool first = true;
  for (const Value& word : words) {
    if (!first) out += ' ';
    first = false;
    if (!context.spend(1)) return Value::fault();
    if (word.is_array() || word.is_object()) return type_error(context, word, "can not be escaped for shell");
    if (!word.is_string()) {
      const Value text = to_text(context, word);
      out += text.text(scratch);
      continue;
    }
    out += '\'';
    for (const char c : word.text(scratch)) {
      if (c == '\'') {
        out += "'\\''";
      } else {
        out += c;
      }
    }
    out += '\'';
    if (!context.heap.fits(out.size())) return context.too_large();
  }
  return made(context, std::move(out));
}

template <std::string (*encode)(std::string_view)>
Value encoded(Context& context, Args v) {
  const Value text = to_text(context, v[0]);
  if (text.is_fault()) return text;
  std::string scratch;
  return made(context, encode(text.text(scratch)));
}

template <std::expected<std::string, std::string_view> (*decode)(std::string_view)>
Value decoded(Context& context, Args v) {
  const Value text = to_text(context, v[0]);
  if (text.is_fault()) return text;
  std::string scratch;
  auto bytes = decode(text.text(scratch));
  if (!bytes) return type_error(context, text, bytes.error());
  return made(context, repaired(std::move(*bytes)));
}

Value format(Context& context, Args v);

constexpr Native table[] = {
    {"@text", 0, as_text},
    {"@json", 0, as_json},
    {"@csv", 0, as_row<true>},
    {"@tsv", 0, as_row<false>},
    {"@html", 0, as_html},
    {"@uri", 0, as_uri},
    {"@urid", 0, from_uri},
    {"@sh", 0, as_shell},
    {"@base64", 0, encoded<to_base64>},
    {"@base64d", 0, decoded<from_base64>},
    {"@base32", 0, encoded<to_base32>},
    {"@base32d", 0, decoded<from_base32>},
    {"format", 1, format},
};

Value format(Context& context, Args v) {
  if (!v[1].is_string()) return type_error(context, v[1], "is not a valid format");
  std::string scratch;
  const std::string_view name = v[1].text(scratch);
  for (const Native& n : table)
    if (n.name[0] == '@' && n.name.substr(1) == name) return n.function(context, v.first(1));
  return context.fail(fmt::format("{} is not a valid format", name));
}

}  // namespace

std::span<const Native> format_natives() { return table; }

}  // namespace sz::expr
