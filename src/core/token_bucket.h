#pragma once

#include <cstdint>

#include "core/quantity.h"
#include "core/time.h"

namespace sz {

/// The rule of a token bucket with continuous refill (RFC 2697 calls the two numbers CIR and CBS). Exact:
/// credit is an integer count of units, chosen so that one nanosecond refills a whole number of them, so no
/// rounding ever lets a record through early or late by more than a nanosecond.
class BucketRule {
 public:
  using Units = __int128;

  /// `burst` tokens, > 0, fit into the bucket; the rate refills it.
  BucketRule(const Rate& rate, double burst);

  struct Bucket {
    Units credit = -1;  // -1: not used yet, full
    Time filled;        // when credit was right
  };

  /// The price of `tokens` >= 0 tokens in units.
  Units price(double tokens) const;
  bool fits(Units price) const { return price <= capacity_; }
  /// Takes the price out if it is there at `now`.
  bool take(Bucket& bucket, Units price, Time now) const;
  /// When the price will be there, if nobody else takes any; `price` fits.
  Time when(const Bucket& bucket, Units price) const;

 private:
  Units per_ns_;     // units that come in each nanosecond
  Units per_token_;  // units that one token costs
  Units capacity_;
};

}  // namespace sz
