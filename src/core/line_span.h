#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "core/line.h"

namespace sz {

/// Where a line stands.
struct LinePlace {
  std::uint32_t source = 0;  ///< which of the run's inputs, from 0
  std::uint64_t number = 0;  ///< in its file, from 1; 0 is no line
  friend auto operator<=>(const LinePlace&, const LinePlace&) = default;
};

/// The first and the last, in the order of the input, of the lines that a record sums up.
struct LineSpan {
  LinePlace first, last;

  bool empty() const { return first.number == 0; }
  void add(const LinePlace& place) {
    first = empty() ? place : std::min(first, place);
    last = std::max(last, place);
  }
  void add(const LineSpan& other) {
    if (other.empty()) return;
    add(other.first);
    add(other.last);
  }
  /// As lines of which nothing but the place is known.
  void append_to(std::vector<Line>& lines) const {
    const auto line = [](const LinePlace& place) {
      return Line{.source = place.source, .number = place.number, .cut = true, .text = {}};
    };
    if (empty()) return;
    lines.push_back(line(first));
    if (last != first) lines.push_back(line(last));
  }
};

/// A line of LineSpan::append_to: an empty line is never cut short.
inline bool is_place_only(const Line& line) { return line.cut && line.bytes == 0; }

}  // namespace sz
