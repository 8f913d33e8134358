#pragma once

#include <string>
#include <string_view>

#include "core/declaration.h"

namespace sz {

/// For a word that is no value of its type: `did you mean "5s"?`, with what people mean who leave a unit out,
/// spell it in full, or part thousands. Only what is a value is suggested; else nothing.
std::string value_hint(ValueType type, std::string_view text);

}  // namespace sz
