#pragma once

#include <cstddef>
#include <string>

#include "doc/text.h"
#include "plan/explained.h"

namespace sz::doc {

/// The page of `sz explain`: the run, its steps as they are nested, and what can differ between two runs.
std::string explain_page(const plan::Explained& plan, std::size_t width = page_width);

}  // namespace sz::doc
