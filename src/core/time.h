#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sz {

/// A span of time in nanoseconds, at most about 292 years either way; saturates.
struct Duration {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

/// An instant in nanoseconds since 1970-01-01T00:00:00Z without leap seconds. Wide enough for the years 0001
/// to 9999, which 64 bits are not; arithmetic saturates at `never` and `Time::min()`.
class Time {
 public:
  using Wide = __int128;

  constexpr Time() = default;
  static constexpr Time from_ns(Wide ns) { return Time(ns < lowest ? lowest : ns > highest ? highest : ns); }
  static constexpr Time min() { return Time(lowest); }
  static constexpr Time max() { return Time(highest); }

  constexpr Wide ns() const { return ns_; }
  friend constexpr auto operator<=>(Time, Time) = default;
  friend constexpr Time operator+(Time t, Duration d) {
    return t.ns_ == highest || t.ns_ == lowest ? t : from_ns(t.ns_ + d.ns);
  }
  friend constexpr Time operator-(Time t, Duration d) {
    return t.ns_ == highest || t.ns_ == lowest ? t : from_ns(t.ns_ - d.ns);
  }
  /// Saturating difference.
  friend constexpr Duration operator-(Time a, Time b) {
    const Wide d = a.ns_ - b.ns_;
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    return {static_cast<std::int64_t>(d > most ? most : d < -most ? -most : d)};
  }

 private:
  static constexpr Wide lowest = -(Wide{1} << 100);
  static constexpr Wide highest = Wide{1} << 100;
  explicit constexpr Time(Wide ns) : ns_(ns) {}
  Wide ns_ = 0;
};

/// The instant of a timer that is not set.
inline constexpr Time never = Time::max();

/// RFC 3339 text (any offset, any fraction; what lies below a nanosecond is cut off; `T`, `t` or a blank
/// between date and time; 23:59:60 in UTC, a leap second, is the next day's 0), years 0001 to 9999.
std::optional<Time> parse_rfc3339(std::string_view text);

/// An epoch number: seconds if |x| < 1e11, milliseconds if < 1e14, microseconds if < 1e17, else nanoseconds;
/// the text is a JSON number, and its digits below a nanosecond are cut off. Nothing if outside the years
/// 0001 to 9999.
std::optional<Time> parse_epoch(std::string_view number);

/// RFC 3339 in UTC with as many decimals as needed (0 to 9): `2024-05-01T12:00:00.25Z`.
std::string to_rfc3339(Time t);

/// `250ms`, `1.5s`, `1m30s`, `2h`, `1d`: one or more numbers, each with a unit of ns us ms s m h d w, the
/// larger unit first, none twice; only the last number may have a fraction. A unit is needed even for 0. The
/// error is one phrase for the user.
std::expected<Duration, std::string> parse_duration(std::string_view text);
/// Text that parse_duration reads back as the same, in whole numbers of units: `1m30s`, `5s500ms`.
std::string to_string(Duration d);

}  // namespace sz
