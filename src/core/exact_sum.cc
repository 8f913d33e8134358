#include "core/exact_sum.h"

#include <limits>

namespace sz {
namespace {

json::Number real_number(double d) { return {.integer = false, .i = 0, .d = d}; }

json::Number number(__int128 i) {
  if (i < std::numeric_limits<std::int64_t>::min() || i > std::numeric_limits<std::int64_t>::max())
    return real_number(static_cast<double>(i));
  return {.integer = true, .i = static_cast<std::int64_t>(i), .d = static_cast<double>(i)};
}

}  // namespace

ExactReal ExactSum::all() const {
  ExactReal all;
  if (reals_) all.merge(*reals_);
  all.add(integers());
  return all;
}

json::Number ExactSum::total() const { return reals_ ? real_number(all().value()) : number(integers()); }

json::Number ExactSum::mean() const {
  const __int128 sum = integers(), n = count_;
  if (!reals_ && sum % n == 0) return number(sum / n);
  constexpr std::int64_t exact = std::int64_t{1} << 53;  // doubles below are, and one division rounds once
  if (!reals_ && sum < exact && -sum < exact && n < exact)
    return real_number(static_cast<double>(sum) / static_cast<double>(n));
  return real_number(all().over(count_).value());
}

}  // namespace sz
