#pragma once

#include "plan/command.h"
#include "run/process.h"

namespace sz::run {

/// `sz demo`: prints made-up log lines on stdout, at --rate in real time.
Exit demo(const plan::Demo& asked);

}  // namespace sz::run
