#pragma once

#include <string>

namespace sz::doc {

/// man/sz-dlq.5 in mdoc(7): the fields of a dead letter and the kinds of failures, whose names are read off
/// FailureKind.
std::string letter_manual();

}  // namespace sz::doc
