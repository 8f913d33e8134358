#pragma once

#include <string_view>

namespace sz::plan {

/// What `sz help TOPIC` knows besides stages and commands, in the manual's order. The texts are doc's.
inline constexpr std::string_view topics[] = {"pipeline", "expressions", "aggregates", "json",
                                              "time",     "failures",    "events",     "watch",
                                              "commands", "output",      "status"};

}  // namespace sz::plan
