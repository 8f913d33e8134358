#include "core/moments.h"

namespace sz {

// (n * sum of squares - square of the sum) / (n * (n - 1)).
ExactReal Moments::exact_variance() const {
  ExactReal above = squares_.times(count_);
  above.subtract(sum_.squared());
  return above.over(count_).over(count_ - 1);
}

double Moments::variance() const { return exact_variance().value(); }

double Moments::deviation() const { return exact_variance().root(); }

}  // namespace sz
