#pragma once

#include <string>
#include <string_view>

namespace sz::json {

/// Appends what the inside of a valid JSON string spells (RFC 8259, section 7). A surrogate escape without
/// its partner becomes U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);

/// Does the inside of a valid JSON string spell `text`? Compares piece by piece and keeps nothing.
bool unescaped_is(std::string_view raw, std::string_view text);

}  // namespace sz::json
