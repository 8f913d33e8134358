#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sz {

/// Appends the base64 form (RFC 4648, section 4, with padding).
void append_base64(std::string& out, std::string_view bytes);
/// Nothing if `text` is not exactly what append_base64 writes for some bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace sz
