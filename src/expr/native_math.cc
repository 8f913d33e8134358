#include <cmath>
#include <limits>

#include "expr/blocks.h"
#include "expr/errors.h"
#include "expr/native.h"

// The C library's mathematics as jq has it: IEEE doubles in and out.

namespace sz::expr {

namespace {

using Args = std::span<Value>;

template <std::size_t n>
bool numbers(Context& context, Args v, double (&out)[n]) {
  // An input that is not an argument may be anything.
  const std::size_t first = n == 1 ? 0 : 1;
  for (std::size_t i = 0; i < n; ++i) {
    if (!v[first + i].is_number()) {
      type_error(context, v[first + i], "number required");
      return false;
    }
    out[i] = v[first + i].number().d;
  }
  return true;
}

template <double (*f)(double)>
Value unary(Context& context, Args v) {
  double x[1];
  return numbers(context, v, x) ? Value::real(f(x[0])) : Value::fault();
}

template <double (*f)(double, double)>
Value binary(Context& context, Args v) {
  double x[2];
  return numbers(context, v, x) ? Value::real(f(x[0], x[1])) : Value::fault();
}

template <double (*f)(double, double, double)>
Value ternary(Context& context, Args v) {
  double x[3];
  return numbers(context, v, x) ? Value::real(f(x[0], x[1], x[2])) : Value::fault();
}

int to_int(double d) {
  if (std::isnan(d)) return 0;
  constexpr double most = std::numeric_limits<int>::max();
  return static_cast<int>(d > most ? most : d < -most ? -most : d);
}

// lgamma() writes a global; this does not.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
double to_the_ten(double x) { return ::exp10(x); }
double load_exponent(double x, double e) { return std::ldexp(x, to_int(e)); }
double scale(double x, double e) { return std::scalbln(x, to_int(e)); }
double toward(double x, double y) { return std::nexttoward(x, static_cast<long double>(y)); }

Value pair(Context& context, double a, Value b) {
  Value out = Value::array(context.heap, 2);
  out.array_block().push(Value::real(a));
  out.array_block().push(std::move(b));
  return out;
}

Value frexp(Context& context, Args v) {
  double x[1];
  if (!numbers(context, v, x)) return Value::fault();
  int exponent = 0;
  const double fraction = std::isfinite(x[0]) ? std::frexp(x[0], &exponent) : x[0];
  return pair(context, fraction, Value::integer(exponent));
}

Value modf(Context& context, Args v) {
  double x[1];
  if (!numbers(context, v, x)) return Value::fault();
  double whole = 0;
  const double fraction = std::modf(x[0], &whole);
  return pair(context, fraction, Value::real(whole));
}

Value lgamma_r(Context& context, Args v) {
  double x[1];
  if (!numbers(context, v, x)) return Value::fault();
  int sign = 0;
  const double value = ::lgamma_r(x[0], &sign);
  return pair(context, value, Value::integer(sign));
}

// Bessel functions of order n. The C library takes n steps.
template <double (*f)(int, double)>
Value bessel(Context& context, Args v) {
  double x[2];
  if (!numbers(context, v, x)) return Value::fault();
  const int n = to_int(x[0]);
  if (!context.spend(static_cast<std::uint64_t>(std::fabs(n)) / 16)) return Value::fault();
  return Value::real(f(n, x[1]));
}

Value isnormal(Context&, Args v) {
  return Value::boolean(v[0].is_number() && std::isnormal(v[0].number().d));
}

constexpr Native table[] = {
    {"acos", 0, unary<std::acos>},
    {"acosh", 0, unary<std::acosh>},
    {"asin", 0, unary<std::asin>},
    {"asinh", 0, unary<std::asinh>},
    {"atan", 0, unary<std::atan>},
    {"atanh", 0, unary<std::atanh>},
    {"cbrt", 0, unary<std::cbrt>},
    {"cos", 0, unary<std::cos>},
    {"cosh", 0, unary<std::cosh>},
    {"erf", 0, unary<std::erf>},
    {"erfc", 0, unary<std::erfc>},
    {"exp", 0, unary<std::exp>},
    {"exp10", 0, unary<to_the_ten>},
    {"exp2", 0, unary<std::exp2>},
    {"expm1", 0, unary<std::expm1>},
    {"gamma", 0, unary<log_gamma>},
    {"j0", 0, unary<::j0>},
    {"j1", 0, unary<::j1>},
    {"lgamma", 0, unary<log_gamma>},
    {"log", 0, unary<std::log>},
    {"log10", 0, unary<std::log10>},
    {"log1p", 0, unary<std::log1p>},
    {"log2", 0, unary<std::log2>},
    {"logb", 0, unary<std::logb>},
    {"nearbyint", 0, unary<std::nearbyint>},
    {"pow10", 0, unary<to_the_ten>},
    {"rint", 0, unary<std::rint>},
    {"significand", 0, unary<::significand>},
    {"sin", 0, unary<std::sin>},
    {"sinh", 0, unary<std::sinh>},
    {"tan", 0, unary<std::tan>},
    {"tanh", 0, unary<std::tanh>},
    {"tgamma", 0, unary<std::tgamma>},
    {"y0", 0, unary<::y0>},
    {"y1", 0, unary<::y1>},
    {"atan2", 2, binary<std::atan2>},
    {"copysign", 2, binary<std::copysign>},
    {"drem", 2, binary<std::remainder>},
    {"fdim", 2, binary<std::fdim>},
    {"fmax", 2, binary<std::fmax>},
    {"fmin", 2, binary<std::fmin>},
    {"fmod", 2, binary<std::fmod>},
    {"hypot", 2, binary<std::hypot>},
    {"ldexp", 2, binary<load_exponent>},
    {"nextafter", 2, binary<std::nextafter>},
    {"nexttoward", 2, binary<toward>},
    {"pow", 2, binary<std::pow>},
    {"remainder", 2, binary<std::remainder>},
    {"scalb", 2, binary<::scalb>},
    {"scalbln", 2, binary<scale>},
    {"jn", 2, bessel<::jn>},
    {"yn", 2, bessel<::yn>},
    {"fma", 3, ternary<std::fma>},
    {"frexp", 0, frexp},
    {"modf", 0, modf},
    {"lgamma_r", 0, lgamma_r},
    {"isnormal", 0, isnormal},
};

}  // namespace

std::span<const Native> math_natives() { return table; }

}  // namespace sz::expr
