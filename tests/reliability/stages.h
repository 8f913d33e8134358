#pragma once

#include "plan/registry.h"

namespace sz::simulate {

/// The stages of the product and two of the simulator's own.
///
/// `watch` passes records on and says by Run::notice() where push, advance and end come in a wrong order.
/// `outside --jobs N [--timeout D]` sends each record out as a Request and passes on what comes back, in
/// order; under
/// --time the stream's clock waits behind its oldest record.
plan::Declarations all_stages();

}  // namespace sz::simulate
