#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "expr/errors.h"
#include "expr/native.h"

// Builtins on numbers and times.

namespace sz::expr {

namespace {

using Args = std::span<Value>;

// A double as an integer where it is one: `3.0` and `3` are the same value, the integer is exact in what
// follows.
template <double (*f)(double)>
Value whole(Context& context, Args v) {
  if (!v[0].is_number()) return type_error(context, v[0], "number required");
  const json::Number n = v[0].number();
  if (n.integer) return Value::integer(n.i);
  return Value::real(f(n.d));
}

template <double (*f)(double)>
Value real(Context& context, Args v) {
  if (!v[0].is_number()) return type_error(context, v[0], "number required");
  return Value::real(f(v[0].number().d));
}

double floor_of(double d) { return std::floor(d); }
double ceil_of(double d) { return std::ceil(d); }
double round_of(double d) { return std::round(d); }
double trunc_of(double d) { return std::trunc(d); }
double fabs_of(double d) { return std::fabs(d); }
double sqrt_of(double d) { return std::sqrt(d); }

Value abs(Context& context, Args v) {
  if (!v[0].is_number()) return type_error(context, v[0], "has no absolute value");
  const json::Number n = v[0].number();
  // jq: `if . < 0 then -. else . end`: what is not negative stays as written.
  if (n.integer && n.i < 0 && n.i != std::numeric_limits<std::int64_t>::min()) return Value::integer(-n.i);
  return n.d < 0 ? Value::real(-n.d) : v[0];
}

Value now(Context& context, Args) { return Value::real(static_cast<double>(context.now.ns() / 1000) / 1e6); }
Value infinite(Context&, Args) { return Value::real(std::numeric_limits<double>::infinity()); }
Value nan(Context&, Args) { return Value::real(std::numeric_limits<double>::quiet_NaN()); }
Value isnan(Context& context, Args v) {
  if (!v[0].is_number()) return type_error(context, v[0], "number required");
  return Value::boolean(std::isnan(v[0].number().d));
}
Value isinfinite(Context& context, Args v) {
  if (!v[0].is_number()) return type_error(context, v[0], "number required");
  return Value::boolean(std::isinf(v[0].number().d));
}

// strftime("%Y-%m-%dT%H:%M:%SZ"), the fraction cut off.
Value todate(Context& context, Args v) {
  if (!v[0].is_number()) return context.fail("strftime/1 requires parsed datetime inputs");
  const double seconds = std::floor(v[0].number().d);
  if (!(std::fabs(seconds) < 1e15))
    return context.fail("error converting number of seconds since epoch to datetime");
  const auto t = static_cast<std::time_t>(seconds);
  std::tm tm{};
  if (gmtime_r(&t, &tm) == nullptr)
    return context.fail("error converting number of seconds since epoch to datetime");
  return Value::string(context.heap,
                       fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z", 1900 + tm.tm_year, tm.tm_mon + 1,
                                   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec));
}

Value fromdate(Context& context, Args v) {
  if (!v[0].is_string()) return type_error(context, v[0], "cannot be parsed as a date");
  std::string s;
  const std::string text(v[0].text(s));
  std::tm tm{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &tm);
  if (end == nullptr || *end != '\0')
    return context.fail(fmt::format("date \"{}\" does not match format \"%Y-%m-%dT%H:%M:%SZ\"", text));
  return Value::integer(timegm(&tm));
}

constexpr Native table[] = {
    {"floor", 0, whole<floor_of>},
    {"ceil", 0, whole<ceil_of>},
    {"round", 0, whole<round_of>},
    {"trunc", 0, whole<trunc_of>},
    {"fabs", 0, real<fabs_of>},
    {"sqrt", 0, real<sqrt_of>},
    {"abs", 0, abs},
    {"now", 0, now},
    {"infinite", 0, infinite},
    {"nan", 0, nan},
    {"isnan", 0, isnan},
    {"isinfinite", 0, isinfinite},
    {"todate", 0, todate},
    {"todateiso8601", 0, todate},
    {"fromdate", 0, fromdate},
    {"fromdateiso8601", 0, fromdate},
};

}  // namespace

std::span<const Native> number_natives() { return table; }

}  // namespace sz::expr
