#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/time.h"
#include "run/dead_letters.h"

namespace sz::run {

/// One-line messages on stderr, safe for a terminal (core/quote.h). Messages of one label are the same kind
/// of thing: the first five come at once, then at most one a second, which says how many were left out since:
/// `(+412 more)`, and if no further one comes, `(+412 more, the last at app.log:97)`. Never fails. Wall time.
class Diagnostics {
 public:
  explicit Diagnostics(StderrSink sink = standard_error_sink());

  /// `sz: PLACE: LABEL: TEXT`; an empty place is left out. All parts may hold foreign text.
  void report(Time now, std::string_view place, std::string_view label, std::string_view text);
  /// Says how many were left out a second ago or longer.
  void flush(Time now);
  /// When flush() has something to say.
  Time due() const;
  /// Says what is still unsaid.
  void close();

 private:
  struct Shown {
    Time last = Time::min();
    std::uint64_t more = 0;  ///< left out since
    int free = 5;            ///< so many may still come at once
    std::string last_place;  ///< of the last one left out
  };
  void say_more(const std::string& label, Shown& shown);

  StderrSink sink_;
  std::map<std::string, Shown, std::less<>> labels_;
  std::uint64_t left_out_ = 0;  ///< sum of all `more`
};

}  // namespace sz::run
