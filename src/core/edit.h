#pragma once

#include <string>
#include <string_view>

#include "json/node.h"

namespace sz {

/// Appends `object` with the member `name` set to the JSON text `value`: compact, repeated names reduced to
/// the last, the other values as they are written; a name that is not there comes last.
void append_with_member(std::string& out, const json::Node& object, const json::Key& name,
                        std::string_view value);

}  // namespace sz
