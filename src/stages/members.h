#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/kept.h"

namespace sz {

/// The records of a window that carries them, each with its number in the order of arrival, from 1.
struct Member {
  std::uint64_t number;
  Kept record;
};
using Members = std::vector<Member>;

}  // namespace sz
