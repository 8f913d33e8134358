#pragma once

#include <string>

#include "json/node.h"

namespace sz::differential {

/// Equal as JSON values; numbers as doubles that differ by at most a few units in the fifteenth digit (the
/// peers print 17 digits of other C libraries), minus zero as zero.
bool same_value(const json::Node& a, const json::Node& b);

/// Two answers `[0, [outputs]]` or `[1, message]`. Messages are compared up to their first value, or
/// not at all.
bool same_answer(const std::string& a, const std::string& b, bool words);

}  // namespace sz::differential
