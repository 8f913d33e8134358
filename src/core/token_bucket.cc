#include "core/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace sz {
namespace {

constexpr double fine = 1e6;  // a rate is taken to a millionth of an event

}  // namespace

// With a rate of E events in P ns, a nanosecond brings E * fine units and a token costs P * fine of them.
BucketRule::BucketRule(const Rate& rate, double burst)
    : per_ns_(std::max<Units>(1, static_cast<Units>(std::llround(std::min(rate.events, 1e12) * fine)))),
      per_token_(static_cast<Units>(rate.per.ns) * static_cast<Units>(fine)),
      capacity_(price(burst)) {}

BucketRule::Units BucketRule::price(double tokens) const {
  const double bounded = std::min(tokens, 1e12);
  const double whole = std::floor(bounded);
  return static_cast<Units>(whole) * per_token_ +
         static_cast<Units>((bounded - whole) * static_cast<double>(per_token_));
}

bool BucketRule::take(Bucket& bucket, Units price, Time now) const {
  if (bucket.credit < 0) {
    bucket = {capacity_, now};
  } else if (now > bucket.filled) {
    bucket.credit = std::min(capacity_, bucket.credit + (now - bucket.filled).ns * per_ns_);
    bucket.filled = now;
  }
  if (bucket.credit < price) return false;
  bucket.credit -= price;
  return true;
}

Time BucketRule::when(const Bucket& bucket, Units price) const {
  if (bucket.credit < 0 || bucket.credit >= price) return bucket.filled;
  const Units missing = price - bucket.credit;
  return Time::from_ns(bucket.filled.ns() + (missing + per_ns_ - 1) / per_ns_);
}

}  // namespace sz
