#pragma once

#include <string>

namespace sz {

/// "SIGTERM", as POSIX and Linux name them (signal(7)); "signal 42" for one without a name.
std::string signal_name(int number);

}  // namespace sz
