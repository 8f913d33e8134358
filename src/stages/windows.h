#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/declaration.h"
#include "stages/window_stage.h"

namespace sz::window {

/// Windows of `size` that begin every `slide`, aligned to the epoch plus `offset`; tumbling where the two are
/// equal. 1 us <= slide <= size.
std::unique_ptr<Stage> make_time_windows(Duration size, Duration slide, Duration offset, Options options);

/// Windows that last until no record came for `gap`, or `most` after their first record.
std::unique_ptr<Stage> make_session_windows(Duration gap, std::optional<Duration> most, Options options);

/// Windows of `size` records of a key that begin every `slide` records.
std::unique_ptr<Stage> make_count_windows(std::uint64_t size, std::uint64_t slide, Options options);

/// One result for all records of a key, or for every `count` of them; 0 is no limit.
std::unique_ptr<Stage> make_totals(std::uint64_t count, Options options);

/// The options that all of them read from the command line; `taken`: member names of the result; `merged`: as
/// for Aggregates.
std::expected<Options, PlanError> read_options(const Arguments& arguments, const Settings& settings,
                                               std::span<const std::string_view> taken, bool merged);

/// The shortest window and slide.
inline constexpr Duration shortest{1000};

}  // namespace sz::window
