#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/distinct_count.h"
#include "core/exact_number.h"
#include "core/exact_sum.h"
#include "core/line_span.h"
#include "core/moments.h"
#include "core/moving_average.h"
#include "core/quantiles.h"
#include "core/short_text.h"
#include "core/tally.h"
#include "core/time.h"
#include "json/number.h"

namespace sz::aggregate {

/// One value as aggregate functions take it in. Texts are lent for the call.
struct Datum {
  json::Number number;         ///< only where a number is asked for
  std::string_view written;    ///< as it stands in the record
  std::string_view canonical;  ///< equal values have equal text
};

/// Which record a value came with: its time, and its number in the order of arrival, from 1. Numbers of the
/// values of one record differ as well.
struct Arrival {
  Time at;
  std::uint64_t number = 0;
  LineSpan lines = {};  ///< behind the record, where a state of them is kept
};

/// What a state remembers; several functions can read one state.
enum class StateKind : std::uint8_t {
  count,      ///< how many came: std::uint64_t
  sum,        ///< ExactSum
  least,      ///< Extreme
  greatest,   ///< Extreme
  first,      ///< Edge
  last,       ///< Edge
  change,     ///< Change
  deviation,  ///< Moments
  average,    ///< MovingAverage
  period,     ///< from the first to the last record: Period
  lines,      ///< from the first to the last line: LineSpan
  quantiles,  ///< Quantiles
  distinct,   ///< DistinctCount
  tally,      ///< Tally
  list,       ///< List
  series,     ///< Series, in the place of a MovingAverage where states are merged
  sliding     ///< SlidingQuantiles, for a window that slides over portions with Quantiles
};

/// States up to here have a size that does not grow, and two of neighbouring spans make one of both.
constexpr bool is_small(StateKind kind) { return kind <= StateKind::lines; }

/// The smallest or largest number, as it was written; of equals the one that came first.
class Extreme {
 public:
  void add(const Datum& datum, const Arrival& arrival, bool largest) {
    if (number_ != 0) {
      const auto order = ExactNumber::by_value(datum.number, value());
      if (order == 0 ? arrival.number > number_ : largest ? order < 0 : order > 0) return;
      if (order == 0 && arrival.number == number_) return;
    }
    number_ = arrival.number;
    integer_ = datum.number.integer;
    bits_ = integer_ ? std::bit_cast<std::uint64_t>(datum.number.i)
                     : std::bit_cast<std::uint64_t>(datum.number.d);
    written_.assign(datum.written);
  }
  void merge(const Extreme& other, bool largest);
  std::optional<std::string_view> written() const {
    return number_ != 0 ? std::optional(written_.view()) : std::nullopt;
  }

 private:
  json::Number value() const {
    const auto i = std::bit_cast<std::int64_t>(bits_);
    if (integer_) return {.integer = true, .i = i, .d = static_cast<double>(i)};
    return {.integer = false, .i = 0, .d = std::bit_cast<double>(bits_)};
  }
  std::uint64_t number_ = 0;  // of the record; 0 is none
  std::uint64_t bits_ = 0;    // of the number, which is an integer or a double
  ShortText written_;
  bool integer_ = false;
};

/// The first or the last value to come, as it was written.
class Edge {
 public:
  void add(const Datum& datum, const Arrival& arrival, bool last) {
    if (number_ != 0 && !(last ? arrival.number > number_ : arrival.number < number_)) return;
    number_ = arrival.number;
    written_.assign(datum.written);
  }
  void merge(const Edge& other, bool last);
  std::optional<std::string_view> written() const {
    return number_ != 0 ? std::optional(written_.view()) : std::nullopt;
  }

 private:
  std::uint64_t number_ = 0;  // of the record; 0 is none
  ShortText written_;
};

/// From the first number to come to the last.
class Change {
 public:
  void add(const Datum& datum, const Arrival& arrival);
  void merge(const Change& other);
  bool any() const { return ends_ != nullptr; }
  json::Number total() const;  ///< any()

 private:
  struct Ends {
    std::uint64_t first_number, last_number;
    json::Number first, last;
  };
  std::unique_ptr<Ends> ends_;
};

/// The times between which the records lie.
class Period {
 public:
  void add(Time at);
  void merge(const Period& other);
  Time first() const { return ends_ ? ends_->first : Time(); }
  Time last() const { return ends_ ? ends_->second : Time(); }
  Duration length() const { return ends_ ? ends_->second - ends_->first : Duration{}; }

 private:
  std::unique_ptr<std::pair<Time, Time>> ends_;
};

/// All values in order of arrival, as they were written.
class List {
 public:
  void add(const Datum& datum, const Arrival& arrival);
  void merge(const List& other);
  bool empty() const { return items_.empty(); }
  std::string_view elements() const { return text_; }  ///< parted by commas

 private:
  struct Item {
    std::uint64_t number;
    std::size_t end;  // in text_
  };
  std::string_view item(std::size_t i) const;
  void append(std::string_view written, std::uint64_t number);

  std::string text_;
  std::vector<Item> items_;
};

/// All numbers in order of arrival: for what cannot be told of two portions whose numbers came in turns.
class Series {
 public:
  void add(const Datum& datum, const Arrival& arrival) { items_.push_back({arrival.number, datum.number.d}); }
  void merge(const Series& other) { items_.insert(items_.end(), other.items_.begin(), other.items_.end()); }
  bool empty() const { return items_.empty(); }
  MovingAverage moving_average(double share);

 private:
  struct Item {
    std::uint64_t number;
    double value;
  };
  std::vector<Item> items_;
};

/// One state, lent: where it lies and what it is.
class State {
 public:
  State(StateKind kind, void* at) : kind_(kind), at_(at) {}
  StateKind kind() const { return kind_; }
  /// `Type` is what its kind says.
  template <class Type>
  Type& as() const {
    return *static_cast<Type*>(at_);
  }

 private:
  StateKind kind_;
  void* at_;
};

void add(State state, const Datum& datum, const Arrival& arrival);
/// Adds what `other`, of the same kind, has taken in; it came after all that is in `into`, by the stream's
/// time.
void merge(State into, State other);

}  // namespace sz::aggregate
