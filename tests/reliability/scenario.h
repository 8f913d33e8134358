#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expression.h"
#include "value.h"

namespace sz::simulate {

/// Nanoseconds: a span, or an instant since the start of the run, or of the records' own time.
using Ns = std::int64_t;
inline constexpr Ns millisecond = 1'000'000, second = 1'000'000'000;
inline constexpr Ns forever = INT64_MAX / 4;

/// One step of a pipeline, as the generator made it: its words and what they mean.
struct Step {
  /// merge filter map flatten sample take skip dedupe throttle debounce batch tap write watch window
  /// aggregate, or `outside`: one of them with a command.
  std::string stage;
  std::vector<std::string> words;

  const Expression* expr = nullptr;  ///< EXPR, --while, --cost or --until
  const Expression* by = nullptr;
  bool invert = false;
  std::optional<std::uint64_t> n, last;
  std::optional<Ns> span;     ///< --for, --ttl, --every, --timeout, --quiet, --per, --size, --gap
  std::optional<Ns> longest;  ///< --max-wait, --max
  bool leading = false, trailing = true;
  std::optional<Ns> slide, offset;
  std::optional<std::uint64_t> slide_n;
  bool sums = false;  ///< aggregates instead of records
  bool fill = false, running = false;
  std::optional<std::uint64_t> most;  ///< --max-count, or the --count of aggregate --every
  std::string late;
  std::optional<std::uint64_t> bytes, max_keys;
  bool keep_last = false, adjacent = false, refresh = false, wrap = false, unordered = false;
  bool keeps = false;                   ///< --worker
  std::string count_field, mode, file;  ///< mode: of throttle, which way sample goes, of outside, or the
                                        ///< member that names the file of write (`.` the record, empty none)
  std::uint64_t events = 1, burst = 1;
  std::uint64_t jobs = 1;  ///< how many records outside at once
};

/// One line of an input and what it is.
struct InputLine {
  enum class Kind : std::uint8_t { record, blank, broken };
  std::string bytes;  ///< without the line end
  Kind kind = Kind::record;
  ValuePtr value;          ///< of a record
  bool separator = false;  ///< begins with an RFC 7464 record separator
  bool utf8 = true;
};

/// Bytes of one input and when they come.
struct InputFile {
  std::string path;
  std::vector<InputLine> lines;
  bool byte_order_mark = false, newline_at_end = true;
  bool regular = true;  ///< all there from the start
  bool missing = false;
  struct Piece {
    Ns at = 0;
    std::size_t size = 0;
  };
  std::vector<Piece> pieces;  ///< of a pipe
  Ns ends = 0;                ///< of a pipe: when its end comes, if later than the last piece

  std::string bytes() const;
};

/// One run: a command line, its input and what happens around it. Everything comes from the seed.
struct Scenario {
  std::uint64_t seed = 0;
  std::vector<std::string> globals;
  std::vector<Step> steps;
  std::vector<InputFile> inputs;

  bool event_time = false, raw_input = false, raw_output = false, dlq = false, stop = false;
  std::optional<std::uint64_t> max_failures;
  std::size_t max_line = std::size_t{64} << 20;
  std::optional<std::uint64_t> max_keys;
  Ns drain = 20 * second;
  std::optional<Ns> max_ahead, idle;  ///< --max-ahead, --idle-timeout
  Ns lateness = 0;

  std::optional<Ns> signal, report, closes;
  std::size_t write_limit = 0;
  Ns write_pause = 0;
  std::optional<std::size_t> output_fails;
  /// How the inputs are read: one by one, or all at once by merge.
  enum class Merge : std::uint8_t { no, by_arrival, by_time };
  Merge merge = Merge::no;
  /// Records come when their own time says: the run on the wall and the one with --time must agree.
  bool live = false;

  /// The words behind `sz`, with `-j threads`.
  std::vector<std::string> words(int threads) const;
  bool has(std::string_view stage) const;
  /// A step that waits for the wall's clock or for work outside.
  bool waits() const;
  /// Timers of the wall can change what comes out.
  bool wall_timed() const;
  /// What a release finds depends on the wall (SPEC lists --unordered and command timeouts).
  bool loose() const;
};

/// What the work outside makes of a record: when it answers and what. A worker only answers or goes away.
struct Answer {
  enum class What : std::uint8_t {
    good,
    none,     ///< no line, or an empty one
    two,      ///< two lines
    garbage,  ///< no JSON
    no,       ///< exit status 1
    bad,      ///< exit status 65
    killed,
    unstarted,
    gone  ///< too much output; of a worker: it went away with the record
  };
  Ns delay = 0;
  What what = What::good;
  bool refused = false;  ///< the worker had gone when it was asked: not asked yet, which shows after a moment
  static constexpr Ns moment = 33 * millisecond;
};
Answer answer_to(std::uint64_t seed, std::string_view text, bool keeps);

}  // namespace sz::simulate
