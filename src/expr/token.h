#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sz::expr {

/// A piece of an expression's text.
struct Token {
  enum class Type {
    end,
    name,      ///< a name or keyword, `::` allowed inside
    field,     ///< .name; text is the name
    variable,  ///< $name; text is the name
    format,    ///< @name; text has the @
    number,    ///< text is the literal
    symbol,    ///< an operator or bracket
    string_begin,
    string_text,    ///< text is decoded
    interpolation,  ///< `\(`; its tokens and the symbol `)` follow
    string_end,
  };
  Type type = Type::end;
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string text;

  bool is(std::string_view symbol) const { return type == Type::symbol && text == symbol; }
  bool is_name(std::string_view name) const { return type == Type::name && text == name; }
};

}  // namespace sz::expr
