#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.h"
#include "core/line.h"

namespace sz {

/// A failed record as JSON for expressions and handlers (SPEC 7): the fields of a dead letter (SPEC 5) but
/// those that differ from run to run (`id`, `ts`, `run`). `record` always stands.
struct Envelope {
  const Failure& failure;
  std::string_view stage;  ///< where it failed
  std::size_t index = 0;
  std::string_view record;               ///< as it reached the stage: JSON
  std::span<const Line> lines;           ///< the input lines behind it; the first stands in full
  std::span<const std::string> sources;  ///< the names of the inputs
  std::uint64_t summed = 0;              ///< Origin::summed()
};
void append_envelope(std::string& out, const Envelope& envelope);

/// `,"lines":[FIRST,LAST]`; LAST is null if it is in another input.
void append_lines(std::string& out, const Line& first, const Line& last);

/// The members of a failure alone, each with a comma before it: `,"kind":"expr","error":"..."` and so on.
void append_failure(std::string& out, const Failure& failure);

/// A failure as an object, for Failure::cause.
std::string cause_of(const Failure& failure, std::string_view stage, std::size_t index);

/// `text` as the value of a string member, or, if it is not UTF-8, in base64 under the name with `_b64`:
/// `,"original":"..."`.
void append_text_member(std::string& out, std::string_view name, std::string_view text);

}  // namespace sz
