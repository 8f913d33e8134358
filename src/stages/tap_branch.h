#pragma once

#include <memory>

#include "core/stage.h"

namespace sz {

/// `tap [ A ]`: a pipeline that sees a copy of each record; what comes out of it is thrown away.
std::unique_ptr<Stage> make_tap_branch();

}  // namespace sz
