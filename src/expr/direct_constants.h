#pragma once

#include <cstdint>
#include <memory>

#include "expr/direct.h"

namespace sz::expr::direct {

/// Constant folding: the node itself, or one with the same outputs for every input that has less to do. What
/// always fails, has no output or more than one, takes many steps or more than `steps`, or makes a value
/// beyond 64 KiB stays as it is, so errors come when they did. Its parts must have been folded. `heap` holds
/// the constants.
std::unique_ptr<Node> folded(std::unique_ptr<Node> node, Heap& heap, std::uint64_t steps);

}  // namespace sz::expr::direct
