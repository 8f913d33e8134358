#pragma once

#include <cstdint>

#include "json/fault.h"

namespace sz::json {

/// Validates the value that starts at slot `slot` of an index: grammar, numbers, literals (RFC 8259), and
/// that it nests no deeper than `deepest`. Fills link[] for its brackets and sets it to 0 for its strings.
/// Returns the slot after the value, 0 if it is not valid. Not looked at: UTF-8 and control characters, which
/// the index refuses, and escapes (see mark_escapes()).
///
/// at[count] must point at a byte '\n', which also ends the walk wherever at[] points at it; the two after it
/// must be readable and point into the text. 64 bytes after the text are readable.
std::uint32_t walk(const char* bytes, const std::uint32_t* at, std::uint32_t* link, std::uint32_t slot,
                   std::uint32_t deepest = max_depth);

/// Validates each escape (RFC 8259, section 7) in [from, to) and sets link[] to 1 for the string it belongs
/// to; `slot` is one at or before `from`, and the slots there have passed walk(). Lone surrogates are
/// allowed. False at a bad escape.
bool mark_escapes(const char* bytes, const std::uint32_t* at, std::uint32_t* link, std::uint32_t slot,
                  std::uint32_t from, std::uint32_t to);

}  // namespace sz::json
