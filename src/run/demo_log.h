#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"

namespace sz::run {

/// Made-up log lines of a web service, for `sz demo`: the same for the same seed and step on every machine,
/// since all of it is integer arithmetic.
class DemoLog {
 public:
  /// `step`: the average time between two records.
  explicit DemoLog(std::uint64_t seed, Duration step);

  /// The next line, with its newline. Lent until the next call.
  const std::string& next();

 private:
  std::uint64_t random();
  std::uint64_t below(std::uint64_t n) { return random() % n; }
  void make_record();
  void spoil();

  std::uint64_t state_;
  Duration step_;
  Time now_;
  std::uint64_t number_ = 0;
  std::string line_, last_;  // last_: a sound line, which may come again
};

}  // namespace sz::run
