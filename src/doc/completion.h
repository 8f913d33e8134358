#pragma once

#include <string>
#include <string_view>

#include "plan/registry.h"

namespace sz::doc {

/// The completion script for `bash`, `zsh` or `fish`; empty for another shell. It knows stages at the start
/// and behind `then`, `+`, `[`, `explain` and prefixes, the options of sz and of each stage, their choices,
/// and where files stand.
std::string completion(std::string_view shell, plan::Declarations stages = plan::stages());

}  // namespace sz::doc
