#pragma once

#include <string_view>

#include "json/fault.h"

namespace sz::json {

/// The first fault of a text that should be one JSON value (RFC 8259), white space around it allowed; none if
/// it is valid. Reads byte by byte and shares no code with the walk over an index: it words the message once
/// that has refused a text. Reads `text` only.
Fault diagnose(std::string_view text);

/// The same for a text that the walk refused, and never none: should the two readers ever disagree, no record
/// may be lost.
Fault refusal(std::string_view text);

}  // namespace sz::json
