#pragma once

#include <expected>
#include <string>

#include "core/side_file.h"

namespace sz::run {

/// The file of a program: `name` itself if it holds a slash, else the first match in PATH, as execvp(3) looks
/// for it. What cannot be run is an error with the status that a shell gives: 127 if there is none, 126 if it
/// is no file, may not be executed, or its `#!` names a program that is not there.
std::expected<std::string, SystemError> find_program(const std::string& name);

}  // namespace sz::run
