#include <cmath>

#include "expr/arithmetic.h"
#include "expr/errors.h"
#include "expr/native.h"

// Builtins on numbers.

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
  // jq: `if . < 0 then -. else . end`: null, false and true are less than any number, and what is not
  // negative stays as written.
  if (v[0].is_null() || v[0].kind() == json::Kind::boolean) return negate(context, v[0]);
  if (!v[0].is_number()) return v[0];
  const json::Number n = v[0].number();
  if (n.integer && n.i < 0 && n.i != std::numeric_limits<std::int64_t>::min()) return Value::integer(-n.i);
  return n.d < 0 ? Value::real(-n.d) : v[0];
}

Value infinite(Context&, Args) { return Value::real(std::numeric_limits<double>::infinity()); }
Value nan(Context&, Args) { return Value::real(std::numeric_limits<double>::quiet_NaN()); }
Value isnan(Context&, Args v) { return Value::boolean(v[0].is_number() && std::isnan(v[0].number().d)); }
Value isinfinite(Context&, Args v) { return Value::boolean(v[0].is_number() && std::isinf(v[0].number().d)); }
// As in jq, nan is finite: all that is not infinite.
Value isfinite(Context&, Args v) { return Value::boolean(v[0].is_number() && !std::isinf(v[0].number().d)); }

constexpr Native table[] = {
    {"floor", 0, whole<floor_of>},
    {"ceil", 0, whole<ceil_of>},
    {"round", 0, whole<round_of>},
    {"trunc", 0, whole<trunc_of>},
    {"fabs", 0, real<fabs_of>},
    {"sqrt", 0, real<sqrt_of>},
    {"abs", 0, abs},
    {"isfinite", 0, isfinite},
    {"infinite", 0, infinite},
    {"nan", 0, nan},
    {"isnan", 0, isnan},
    {"isinfinite", 0, isinfinite},
};

}  // namespace

std::span<const Native> number_natives() { return table; }

}  // namespace sz::expr
