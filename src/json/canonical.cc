#include <algorithm>
#include <utility>

#include "json/decimal.h"
#include "json/distinct.h"
#include "json/number.h"
#include "json/plain_integer.h"
#include "json/write.h"
#include "json/write_array.h"

namespace sz::json {
namespace {

/// An integer: plain digits if it fits 64 bits, otherwise its digits without the zeros at the end, and their
/// power of ten.
void append_integer(std::string& out, const Decimal& decimal) {
  constexpr std::int64_t most_digits = 19;  // of 2^63
  std::string text(decimal.negative ? "-" : "");
  text += decimal.digits;
  if (decimal.magnitude() <= most_digits) {
    const std::string plain = text + std::string(static_cast<std::size_t>(decimal.exponent), '0');
    if (to_number(plain).integer) {
      out += plain;
      return;
    }
  }
  out += text;
  if (decimal.exponent == 0) return;
  out += 'e';
  append_number(out, decimal.exponent);
}

void append_canonical_number(std::string& out, std::string_view text) {
  if (is_plain_integer(text)) {
    out += text;
    return;
  }
  const Number number = to_number(text);
  if (number.integer) {
    append_number(out, number.i);
    return;
  }
  Decimal decimal = to_decimal(text);
  std::string shortest;
  if (!decimal.integer()) {
    append_number(shortest, number.d);
    decimal = to_decimal(shortest);
  }
  if (decimal.digits.empty()) {
    out += '0';
  } else if (decimal.integer()) {
    append_integer(out, decimal);
  } else {
    out += shortest;
  }
}

}  // namespace

void append_canonical(std::string& out, const Node& node) {
  switch (node.kind()) {
    case Kind::array:
      append_array(out, node, append_canonical);
      return;
    case Kind::object: {
      std::vector<std::pair<std::string, Node>> members;
      std::string scratch;
      for (const auto& [key, value] : node.members()) members.emplace_back(key.string(scratch), value);
      // Bytes of UTF-8 sort as code points do. Of equal names the last one written is kept.
      std::ranges::sort(members, [](const auto& a, const auto& b) {
        const int order = a.first.compare(b.first);
        return order != 0 ? order < 0 : a.second.slot() < b.second.slot();
      });
      char separator = '{';
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i + 1 < members.size() && members[i + 1].first == members[i].first) continue;
        out += separator;
        separator = ',';
        append_string(out, members[i].first);
        out += ':';
        append_canonical(out, members[i].second);
      }
      out += node.empty() ? "{}" : "}";
      return;
    }
    case Kind::string: {
      std::string scratch;
      append_string(out, node.string(scratch));
      return;
    }
    case Kind::number:
      append_canonical_number(out, node.raw());
      return;
    default:
      out += node.raw();
  }
}

}  // namespace sz::json
