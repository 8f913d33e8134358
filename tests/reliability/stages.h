#pragma once

#include "plan/registry.h"

namespace sz::simulate {

/// The stages of the product and one of the simulator's own: `watch` passes records on and says by
/// Run::notice() where push, advance and end come in a wrong order.
plan::Declarations all_stages();

}  // namespace sz::simulate
