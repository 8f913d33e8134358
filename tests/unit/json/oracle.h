#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sz::json {

/// Other parsers' view of a text, in the notation of describe() but with numbers as number_text() writes
/// them: null if they refuse it.
std::optional<std::string> simdjson_dom(std::string_view text);
std::optional<std::string> boost_value(std::string_view text);

/// Does Boost.JSON's SAX parser take the text? Takes huge numbers, which its value does not keep exactly.
bool boost_accepts(std::string_view text);

/// A number by value: integers of 64 bits in decimal, others as the bits of the double.
std::string number_text(long long i);
std::string number_text(double d);

}  // namespace sz::json
