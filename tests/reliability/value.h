#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sz::simulate {

struct Value;
using ValuePtr = std::shared_ptr<const Value>;

/// A JSON value of the oracle: what it is and how it is written. Shares nothing with the product.
struct Value {
  enum class Kind : std::uint8_t { null, no, yes, number, string, array, object };  // in jq's order
  Kind kind = Kind::null;
  std::string raw;   ///< as written
  std::string text;  ///< of a string: what it spells
  std::vector<ValuePtr> items;
  std::vector<std::pair<std::string, ValuePtr>> members;  ///< duplicates included
  /// A key is there twice or is written with escapes: SPEC leaves open how an edit prints it.
  bool tricky = false;

  double number() const;
  bool truthy() const { return kind != Kind::null && kind != Kind::no; }
  /// The member, the last of equal keys; nullptr if there is none.
  const ValuePtr* find(std::string_view key) const;
};

ValuePtr null_value();
ValuePtr boolean(bool b);
ValuePtr number(std::string raw);
ValuePtr string_value(std::string text);
/// `space` is put between all tokens.
ValuePtr array(std::vector<ValuePtr> items, std::string_view space = "");
ValuePtr object(std::vector<std::pair<std::string, ValuePtr>> members, std::string_view space = "",
                bool escape_first_key = false);

/// A JSON string literal.
std::string quoted(std::string_view text);
/// Equal texts for equal values, whatever their spacing, spelling and order of members.
std::string canonical(const Value& value);
/// The number `x` as jq prints a result.
std::string print_number(double x);

}  // namespace sz::simulate
