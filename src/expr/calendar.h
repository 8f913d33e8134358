#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace sz::expr {

/// Dates as strftime(3) and strptime(3) know them, in the C locale whatever the process has. No state; only
/// the functions that say `local` look at TZ. A std::tm here is always whole: week day and day of the year
/// fit the date. The proleptic Gregorian calendar without leap seconds, years as far as an int goes.

/// Nothing if the year does not fit.
std::optional<std::tm> to_utc(std::int64_t seconds);
std::optional<std::tm> to_local(std::int64_t seconds);
/// Seconds since 1970-01-01T00:00:00Z. Fields may be out of their ranges (month 12 is next January).
std::int64_t from_utc(std::tm time);
/// The same time with every field in its range, read as UTC or as local time, with the zone's name.
std::tm settled_utc(const std::tm& time);
std::tm settled_local(const std::tm& time);

/// glibc's strftime(3), but a year of %Y, %F and %+ has at least four digits on every system, and %s is
/// counted in the zone that `time` names. Nothing if the text would pass `most` bytes.
std::optional<std::string> format_time(const std::tm& time, const std::string& format, std::size_t most);

/// glibc's strptime(3), but %s is UTC. The rest of `text` that the format did not take goes to `rest`.
/// Nothing if they do not match. Offsets and zones (%z, %Z) are read over, as in jq.
std::optional<std::tm> parse_time(const std::string& text, const std::string& format, std::string& rest);

}  // namespace sz::expr
