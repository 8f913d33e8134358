#include <climits>
#include <cmath>

#include <fmt/format.h>

#include "expr/blocks.h"
#include "expr/calendar.h"
#include "expr/errors.h"
#include "expr/native.h"

// Builtins on dates. A broken-down time is [year, month from 0, day, hours, minutes, seconds with their
// fraction, day of the week from Sunday, day of the year from 0].

namespace sz::expr {

namespace {

using Args = std::span<Value>;
using Conversion = std::optional<std::tm> (*)(std::int64_t);

// Seconds and the rest apart: the double nearest to the instant, so that it equals the number it was read
// from.
Value now(Context& context, Args) {
  constexpr Time::Wide second = 1'000'000'000;
  const Time::Wide rest = (context.now.ns() % second + second) % second;
  return Value::real(static_cast<double>((context.now.ns() - rest) / second) +
                     static_cast<double>(rest) / 1e9);
}

Value broken_down(Context& context, const std::tm& time, double fraction) {
  Value out = Value::array(context.heap, 8);
  ArrayBlock& block = out.array_block();
  for (const int field : {1900 + time.tm_year, time.tm_mon, time.tm_mday, time.tm_hour, time.tm_min})
    block.push(Value::integer(field));
  block.push(fraction == 0 ? Value::integer(time.tm_sec) : Value::real(time.tm_sec + fraction));
  block.push(Value::integer(time.tm_wday));
  block.push(Value::integer(time.tm_yday));
  return out;
}

// Seconds are cut off towards zero, as jq does: -1.5 is ...:59 and a half.
std::optional<std::tm> convert(double seconds, Conversion conversion) {
  if (!(std::fabs(seconds) < 1e17)) return std::nullopt;
  return conversion(static_cast<std::int64_t>(seconds));
}

constexpr char too_far[] = "error converting number of seconds since epoch to datetime";

Value broken_down(Context& context, const Value& v, Conversion conversion, std::string_view name) {
  if (!v.is_number()) return context.fail(fmt::format("{}() requires numeric inputs", name));
  const double seconds = v.number().d;
  const auto time = convert(seconds, conversion);
  if (!time) return context.fail(too_far);
  return broken_down(context, *time, seconds - std::floor(seconds));
}

Value gmtime(Context& context, Args v) { return broken_down(context, v[0], to_utc, "gmtime"); }
Value localtime(Context& context, Args v) { return broken_down(context, v[0], to_local, "localtime"); }

// The fields of a broken-down time; what is missing at the end is 0.
std::optional<std::tm> fields(Context& context, const Value& v) {
  const Value list = built_array(context.heap, v);
  std::tm out{};
  int* const into[] = {&out.tm_year, &out.tm_mon, &out.tm_mday, &out.tm_hour,
                       &out.tm_min,  &out.tm_sec, &out.tm_wday, &out.tm_yday};
  std::size_t i = 0;
  for (const Value& item : list.array_block().items) {
    if (i == std::size(into)) break;
    if (!item.is_number()) return std::nullopt;
    double d = item.number().d;
    if (std::isnan(d)) return std::nullopt;
    if (i == 0) d -= 1900;
    *into[i++] = d <= INT_MIN ? INT_MIN : d >= INT_MAX ? INT_MAX : static_cast<int>(d);
  }
  return out;
}

Value mktime(Context& context, Args v) {
  if (!v[0].is_array()) return context.fail("mktime requires array inputs");
  const auto time = fields(context, v[0]);
  if (!time) return context.fail("mktime requires parsed datetime inputs");
  return Value::integer(from_utc(*time));
}

Value formatted(Context& context, const std::tm& time, const std::string& format) {
  auto text = format_time(time, format, context.max_value);
  if (!text) return context.too_large();
  if (!context.spend(1 + text->size() / 64)) return Value::fault();
  return context.grown(Value::string(context.heap, std::move(*text)));
}

Value format_any(Context& context, const Value& v, const Value& format, std::string_view name, bool local) {
  std::optional<std::tm> time;
  if (v.is_number()) {
    time = convert(v.number().d, local ? to_local : to_utc);
    if (!time) return context.fail(too_far);
  } else if (v.is_array()) {
    time = fields(context, v);
    if (time) time = local ? settled_local(*time) : settled_utc(*time);
  }
  if (!time) return context.fail(fmt::format("{}/1 requires parsed datetime inputs", name));
  if (!format.is_string()) return context.fail(fmt::format("{}/1 requires a string format", name));
  std::string s;
  const std::string_view text = format.text(s);
  if (!context.heap.fits(text.size() * 5)) return context.too_large();  // copies on the way
  return formatted(context, *time, std::string(text));
}

Value strftime(Context& context, Args v) { return format_any(context, v[0], v[1], "strftime", false); }
Value strflocaltime(Context& context, Args v) {
  return format_any(context, v[0], v[1], "strflocaltime", true);
}
Value todate(Context& context, Args v) {
  return format_any(context, v[0], Value::view("%Y-%m-%dT%H:%M:%SZ"), "strftime", false);
}

Value parsed(Context& context, const Value& v, const Value& format) {
  if (!v.is_string() || !format.is_string())
    return context.fail("strptime/1 requires string inputs and arguments");
  std::string s, f;
  if (!context.heap.fits((v.text(s).size() + format.text(f).size()) * 4)) return context.too_large();
  const std::string text(v.text(s)), pattern(format.text(f));
  if (!context.spend(1 + (text.size() + pattern.size()) / 64)) return Value::fault();
  std::string rest;
  const auto time = parse_time(text, pattern, rest);
  const bool goes_on =
      !rest.empty() && std::string_view(" \t\n\v\f\r").find(rest[0]) == std::string_view::npos;
  if (!time || goes_on)
    return context.fail(fmt::format("date \"{}\" does not match format \"{}\"", text, pattern));
  Value out = broken_down(context, *time, 0);
  if (!rest.empty()) out.array_block().push(Value::string(context.heap, std::move(rest)));
  return out;
}

Value strptime(Context& context, Args v) { return parsed(context, v[0], v[1]); }
Value fromdate(Context& context, Args v) {
  Value time = parsed(context, v[0], Value::view("%Y-%m-%dT%H:%M:%SZ"));
  return time.is_fault() ? std::move(time) : Value::integer(from_utc(*fields(context, time)));
}

constexpr Native table[] = {
    {"now", 0, now},
    {"gmtime", 0, gmtime},
    {"localtime", 0, localtime},
    {"mktime", 0, mktime},
    {"strftime", 1, strftime},
    {"strflocaltime", 1, strflocaltime},
    {"strptime", 1, strptime},
    {"date", 0, todate},
    {"todate", 0, todate},
    {"todateiso8601", 0, todate},
    {"fromdate", 0, fromdate},
    {"fromdateiso8601", 0, fromdate},
};

}  // namespace

std::span<const Native> date_natives() { return table; }

}  // namespace sz::expr
