#pragma once

#include <string>
#include <string_view>

#include "json/node.h"

namespace sz::json {

/// Appends `text` as a JSON string with quotes, escaping only what RFC 8259 demands and DEL, as jq does. What
/// is not UTF-8 becomes U+FFFD, one for each longest piece that could have become a character (Unicode 15,
/// section 3.9).
void append_string(std::string& out, std::string_view text);
/// The same without the quotes.
void append_string_content(std::string& out, std::string_view text);

/// The same for text that is known to be UTF-8, and faster.
void append_utf8_string(std::string& out, std::string_view text);

/// Appends the value compact: no white space outside strings, scalars and names as written, of a repeated
/// name the first place and the last value, as jq has it.
void append_compact(std::string& out, const Node& node);

/// Appends a form in which equal values are equal text: compact, names sorted by code point, escapes reduced
/// to their shortest, numbers by value: `1.0`, `1` and `1e0` agree; an integer beyond 64 bits keeps all its
/// digits but the zeros at its end, which become an exponent; another number is its double. Valid JSON, and
/// its own canonical form.
void append_canonical(std::string& out, const Node& node);

}  // namespace sz::json
