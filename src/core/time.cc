#include "core/time.h"

#include <charconv>

namespace sz {
namespace {

constexpr Time::Wide second = 1'000'000'000;
constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

/// Days from 1970-01-01 in the proleptic Gregorian calendar, by counting whole 400-year eras from 1 March.
constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct SecondsAndNanoseconds {
  std::int64_t seconds;  // rounded down
  int fraction;
};

template <class Integer>
SecondsAndNanoseconds split(Integer ns) {
  constexpr auto whole = static_cast<Integer>(second);
  Integer seconds = ns / whole;
  if (ns - seconds * whole < 0) --seconds;
  return {static_cast<std::int64_t>(seconds), static_cast<int>(ns - seconds * whole)};
}

struct Civil {
  std::int64_t year;
  int month, day;
};

constexpr Civil civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const int day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

constexpr int days_in_month(std::int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/// Exactly `count` digits off the front; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool in_years(Time::Wide ns) {
  return ns >= first_second * second && ns <= last_second * second + (second - 1);
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  const int year = take_digits(text, 4);
  if (year < 1 || !take(text, "-")) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 1 || month > 12 || !take(text, "-")) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 1 || day > days_in_month(year, month) || !take(text, "Tt ")) return std::nullopt;
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ":")) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ":")) return std::nullopt;
  const int sec = take_digits(text, 2);
  if (sec < 0 || sec > 60) return std::nullopt;
  Time::Wide fraction = 0;
  if (take(text, ".")) {
    Time::Wide unit = second;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      unit /= 10;
      fraction += (text[digits] - '0') * unit;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
  }
  std::int64_t offset = 0;
  if (!take(text, "Zz")) {
    if (text.empty()) return std::nullopt;
    const bool west = text[0] == '-';
    if (!take(text, "+-")) return std::nullopt;
    const int hours = take_digits(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ":")) return std::nullopt;
    const int minutes = take_digits(text, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    offset = (west ? -1 : 1) * (std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60);
  }
  if (!text.empty()) return std::nullopt;
  const std::int64_t seconds = days_from_civil(year, month, day) * 86'400 + std::int64_t{hour} * 3600 +
                               std::int64_t{minute} * 60 + sec - offset;
  constexpr int leap = 60;
  if (sec == leap && seconds % 86'400 != 0) return std::nullopt;  // they end a day in UTC
  const Time::Wide ns = seconds * second + fraction;
  if (!in_years(ns)) return std::nullopt;
  return Time::from_ns(ns);
}

// The digits are read as an integer and a power of ten, so that nanoseconds in a 19-digit number or in a
// fraction stay exact.
std::optional<Time> parse_epoch(std::string_view text) {
  double magnitude = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (magnitude < 0) magnitude = -magnitude;
  if (!(magnitude < 1e21)) return std::nullopt;
  const int scale = magnitude < 1e11   ? 9
                    : magnitude < 1e14 ? 6
                    : magnitude < 1e17 ? 3
                                       : 0;  // its unit is 10^scale ns

  const bool negative = take(text, "-");
  Time::Wide digits = 0;
  int exponent = 0, kept = 0;
  bool fraction = false;
  while (!text.empty() && text[0] != 'e' && text[0] != 'E') {
    const char c = text[0];
    text.remove_prefix(1);
    if (c == '.') {
      fraction = true;
    } else if (kept < 30) {
      digits = digits * 10 + (c - '0');
      kept += digits != 0;
      exponent -= fraction;
    } else {
      exponent += !fraction;
    }
  }
  if (!text.empty()) {
    text.remove_prefix(text.size() > 1 && text[1] == '+' ? 2 : 1);
    int written = 0;
    const auto [stop, wrong] = std::from_chars(text.data(), text.data() + text.size(), written);
    if (wrong != std::errc() || stop != text.data() + text.size())
      return digits == 0 ? std::optional(Time()) : std::nullopt;
    exponent += written;
  }
  exponent += scale;
  for (; exponent > 0 && digits < Time::Wide{1} << 100; --exponent) digits *= 10;
  for (; exponent < 0 && digits != 0; ++exponent) digits /= 10;
  const Time::Wide ns = negative ? -digits : digits;
  if (!in_years(ns)) return std::nullopt;
  return Time::from_ns(ns);
}

std::string to_rfc3339(Time t) {
  Time::Wide ns = t.ns();
  if (ns < first_second * second) ns = first_second * second;
  if (ns > last_second * second + (second - 1)) ns = last_second * second + (second - 1);
  const auto narrow = static_cast<std::int64_t>(ns);  // 64 bits hold 1678 to 2262 and divide much faster
  auto [seconds, fraction] = narrow == ns ? split(narrow) : split(ns);
  std::int64_t days = seconds / 86'400;
  if (seconds % 86'400 < 0) --days;
  const int of_day = static_cast<int>(seconds - days * 86'400);
  const Civil date = civil_from_days(days);

  std::string text;
  const auto put = [&text](std::int64_t value, int width) {
    char buffer[20];
    const auto [stop, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    static_cast<void>(error);
    for (auto length = stop - buffer; length < width; ++length) text += '0';
    text.append(buffer, stop);
  };
  put(date.year, 4);
  text += '-';
  put(date.month, 2);
  text += '-';
  put(date.day, 2);
  text += 'T';
  put(of_day / 3600, 2);
  text += ':';
  put(of_day / 60 % 60, 2);
  text += ':';
  put(of_day % 60, 2);
  if (fraction != 0) {
    int width = 9;
    while (fraction % 10 == 0) fraction /= 10, --width;
    text += '.';
    put(fraction, width);
  }
  text += 'Z';
  return text;
}

}  // namespace sz
