#pragma once

#include <vector>

#include "json/node.h"

namespace sz::json {

/// Does any name occur twice in this object? Names are compared decoded.
bool has_repeated_names(const Node& object);

/// The members of an object with repeated names reduced: each name stands where it came first and has its
/// last value, as in jq.
std::vector<Members::Member> distinct_members(const Node& object);

}  // namespace sz::json
