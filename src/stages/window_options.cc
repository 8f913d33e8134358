#include <utility>

#include "expr/argument.h"
#include "stages/windows.h"

namespace sz::window {

std::expected<Options, PlanError> read_options(const Arguments& arguments, const Settings& settings,
                                               std::span<const std::string_view> taken, bool merged) {
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  auto aggregates = aggregate::Aggregates::of(arguments, "AGG...", settings, taken, merged);
  if (!aggregates) return std::unexpected(std::move(aggregates.error()));
  if (arguments.count("--max-count") == 0)
    return std::unexpected(arguments.error("--max-count", "--max-count must be at least 1"));
  if (arguments.given("--late") && !settings.event_time)
    return std::unexpected(
        arguments.error("--late", "--late needs --time EXPR", "without it no record comes late"));
  const auto late = arguments.text("--late");
  return Options{.by = expr::KeyOf(std::move(*by)),
                 .aggregates = std::move(*aggregates),
                 .fill = arguments.flag("--fill-empty"),
                 .late = late == "drop"   ? Late::drop
                         : late == "emit" ? Late::emit
                                          : Late::fail,
                 .lateness = settings.lateness,
                 .max_count = arguments.count("--max-count").value_or(0),
                 .max_keys = arguments.count("--max-keys").value_or(settings.max_keys)};
}

}  // namespace sz::window
