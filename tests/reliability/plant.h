#pragma once

#include <span>
#include <string_view>

#include "observe.h"

namespace sz::simulate {

/// A fault put into what a good run gave. The checks must find every one of them.
struct Plant {
  std::string_view name;
  /// False if there is nothing to spoil.
  bool (*spoil)(Observed& observed);
};

std::span<const Plant> plants();

}  // namespace sz::simulate
