#pragma once

#include <cstddef>

namespace sz::run {

/// How wide text for `fd` may be, in columns: what COLUMNS says, else the terminal; `most` if neither tells.
/// From `least` to `most`.
std::size_t text_width(int fd, std::size_t least, std::size_t most);

}  // namespace sz::run
