#pragma once

#include <array>
#include <cstdint>

#include "core/time.h"

namespace sz {

/// An instant near the years 0001 to 9999 (within 10^12 years) in twelve bytes, for what may be there by the
/// million.
class PackedTime {
 public:
  PackedTime() = default;
  PackedTime(Time t)  // NOLINT(google-explicit-constructor): the same instant
      : words_{static_cast<std::uint32_t>(t.ns()), static_cast<std::uint32_t>(t.ns() >> 32),
               static_cast<std::uint32_t>(t.ns() >> 64)} {}
  operator Time() const {  // NOLINT(google-explicit-constructor)
    const Time::Wide high = static_cast<std::int32_t>(words_[2]);
    return Time::from_ns((high << 64) + ((static_cast<Time::Wide>(words_[1]) << 32) + words_[0]));
  }

 private:
  std::array<std::uint32_t, 3> words_ = {};
};

}  // namespace sz
