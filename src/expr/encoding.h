#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace sz::expr {

/// Base64 and base32 of RFC 4648 with padding. Decoding takes text without padding too and stops at the first
/// `=`; its error is jq's predicate (`is not valid base64 data`).
std::string to_base64(std::string_view bytes);
std::expected<std::string, std::string_view> from_base64(std::string_view text);
std::string to_base32(std::string_view bytes);
std::expected<std::string, std::string_view> from_base32(std::string_view text);

}  // namespace sz::expr
