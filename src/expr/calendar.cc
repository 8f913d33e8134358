#include "expr/calendar.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <locale.h>

namespace sz::expr {

namespace {

// The one locale that is the same everywhere; made once, never changed, never freed.
locale_t c_locale() {
  static const locale_t c = newlocale(LC_ALL_MASK, "C", nullptr);
  return c;
}

// The conversion at `format[at] == '%'`: up to and with its letter. Flags and a width may stand between.
std::size_t conversion_end(const std::string& format, std::size_t at) {
  std::size_t i = at + 1;
  while (i < format.size() && std::string_view("_-0^#+123456789EO").contains(format[i])) ++i;
  return std::min(i + 1, format.size());
}

bool format_part(const std::tm& time, const std::string& format, std::size_t most, std::string& text) {
  std::string ready;
  for (std::size_t i = 0; i < format.size();) {
    if (format[i] != '%') {
      ready += format[i++];
      continue;
    }
    const std::size_t end = conversion_end(format, i);
    const std::string conversion = format.substr(i, end - i);
    i = end;
    const bool year_fits = time.tm_year >= -1900 && time.tm_year < 8100;
    if (conversion == "%s") {
      ready += fmt::format("{}", from_utc(time) - time.tm_gmtoff);
    } else if (conversion == "%Y" && year_fits) {
      ready += "%04Y";
    } else if ((conversion == "%F" || conversion == "%+") && year_fits) {
      ready += "%04Y-%m-%d";
    } else {
      ready += conversion;
    }
    if (ready.size() > most) return false;
  }
  // strftime says 0 both for an empty result and for one that does not fit: a mark behind it tells.
  ready += '.';
  std::string out(ready.size() + 256, '\0');
  for (;;) {
    const std::size_t n = strftime_l(out.data(), out.size(), ready.c_str(), &time, c_locale());
    if (n > 0) {
      text.append(out, 0, n - 1);
      return text.size() <= most;
    }
    if (out.size() > most) return false;
    out.resize(std::min(out.size() * 4, most + 2));
  }
}

// What jq shows for a text that names no date.
constexpr int unknown_weekday = 8, unknown_day = 367;

}  // namespace

std::optional<std::tm> to_utc(std::int64_t seconds) {
  std::tm out{};
  const std::time_t t = seconds;
  if (gmtime_r(&t, &out) == nullptr) return std::nullopt;
  out.tm_zone = "UTC";
  return out;
}

std::optional<std::tm> to_local(std::int64_t seconds) {
  std::tm out{};
  const std::time_t t = seconds;
  if (localtime_r(&t, &out) == nullptr) return std::nullopt;
  return out;
}

std::int64_t from_utc(std::tm time) { return timegm(&time); }

std::tm settled_utc(const std::tm& time) {
  std::tm out = time;
  timegm(&out);
  out.tm_zone = "UTC";
  return out;
}

std::tm settled_local(const std::tm& time) {
  std::tm out = time;
  out.tm_isdst = -1;
  mktime(&out);
  return out;
}

// `format` has no NUL.
std::optional<std::string> format_time(const std::tm& time, const std::string& format, std::size_t most) {
  // The C library's strings end at NUL; ours do not.
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t nul = std::min(format.find('\0', at), format.size());
    if (!format_part(time, format.substr(at, nul - at), most, out)) return std::nullopt;
    if (nul == format.size()) return out;
    out += '\0';
    at = nul + 1;
  }
}

std::optional<std::tm> parse_time(const std::string& text, const std::string& format, std::string& rest) {
  if (format.find('\0') != std::string::npos) return std::nullopt;
  std::tm out{};
  out.tm_wday = unknown_weekday;
  out.tm_yday = unknown_day;
  const char* at = text.c_str();
  std::string part;
  const auto take = [&] {
    if (part.empty()) return true;
    at = strptime_l(at, part.c_str(), &out, c_locale());
    part.clear();
    return at != nullptr;
  };
  for (std::size_t i = 0; i < format.size();) {
    const std::size_t end = format[i] == '%' ? conversion_end(format, i) : i + 1;
    const std::string_view piece = std::string_view(format).substr(i, end - i);
    i = end;
    if (piece != "%s") {
      part += piece;
      continue;
    }
    if (!take()) return std::nullopt;
    const std::string_view left(at);
    std::int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(left.data(), left.data() + left.size(), seconds);
    const auto utc = error == std::errc() ? to_utc(seconds) : std::nullopt;
    if (!utc) return std::nullopt;
    out = *utc;
    at = stop;
  }
  if (!take()) return std::nullopt;
  rest = text.substr(static_cast<std::size_t>(at - text.c_str()));
  // Where the C library found no use for them.
  if (out.tm_mday >= 1 && out.tm_mday <= 31) {
    const std::tm settled = settled_utc(out);
    if (out.tm_wday == unknown_weekday) out.tm_wday = settled.tm_wday;
    if (out.tm_yday == unknown_day) out.tm_yday = settled.tm_yday;
  }
  return out;
}

}  // namespace sz::expr
