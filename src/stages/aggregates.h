#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/declaration.h"
#include "core/failure.h"
#include "core/hash.h"
#include "core/record.h"
#include "expr/program.h"
#include "stages/aggregate_state.h"
#include "stages/aggregate_words.h"
#include "stages/states.h"

namespace sz::aggregate {

/// The AGG words of a stage: which values to read of a record, which states to keep of them for each group,
/// and what to print. Equal expressions are evaluated once, and functions that remember the same share a
/// state.
class Aggregates {
 public:
  /// Reads the words given for `name` (`AGG...`). `taken`: member names that the result has already. A plain
  /// `count` where that is taken already is no aggregate of its own. `merged`: states of several groups will
  /// be merged, whose records came in turns.
  static std::expected<Aggregates, PlanError> of(const Arguments& arguments, std::string_view name,
                                                 const Settings& settings,
                                                 std::span<const std::string_view> taken, bool merged);

  bool empty() const { return outputs_.empty(); }
  /// What a group has.
  const Layout& layout() const { return *layout_; }
  bool reads_clock() const;

  /// Evaluates all expressions on a record; nothing is kept of one that fails. Valid until the next call, and
  /// no longer than the record.
  std::expected<void, Failure> read(Record& record, Time now);
  States make() const { return States(*layout_); }
  /// For a window that slides over portions: as make(), but with SlidingQuantiles for Quantiles.
  States make_sliding() const { return States(*sliding_layout_); }
  /// Takes in what was read last.
  void add(States& states, const Arrival& arrival) const;
  void add(State state, std::size_t i, const Arrival& arrival) const;
  /// Each value that was read last for state `i`.
  std::span<const Datum> read_for(std::size_t i) const;
  /// Makes a state of the records' times, and gives it.
  void note_period();
  const Period& period(const States& states) const { return states[period_].as<Period>(); }
  /// Makes a state of the records' lines; before any States are made.
  void note_lines();
  bool notes_lines() const { return lines_ != no_input; }
  /// Empty if they are not noted.
  LineSpan lines(const States& states) const {
    return notes_lines() ? states[lines_].as<LineSpan>() : LineSpan();
  }

  /// Appends `,"NAME":VALUE` for each aggregate. `length`: of the span of time that rates are for; without it
  /// they are for the time from the first record to the last.
  void append(std::string& out, States& states, std::optional<Duration> length) const;

 private:
  struct Input {
    std::string source;  // empty: the record itself
    std::optional<expr::Program> program;
    std::string first_user;  // the aggregate that failures name
    bool numbers = false, written = false, canonical = false;
    std::vector<Datum> data;
    std::string text;  // what data's texts view, where they are not in the record
    struct Place {
      std::size_t written, canonical, end;
    };
    std::vector<Place> places;
  };
  static constexpr std::size_t no_input = static_cast<std::size_t>(-1);  // the state counts records
  struct Output {
    std::string name;  // `,"NAME":`
    Function function;
    std::size_t state;
  };

  std::size_t input(const Word& word, std::optional<expr::Program> program);
  std::size_t state(StateKind kind, double share, std::size_t input);
  std::expected<void, Failure> read(Input& input, Record& record, Time now);
  std::expected<void, Failure> take(Input& input, const expr::Value& value);
  static void append_value(std::string& out, const Output& output, State state,
                           std::optional<double> seconds);

  std::vector<Input> inputs_;
  std::vector<std::size_t> state_inputs_;  // by state
  std::vector<Output> outputs_;
  std::size_t period_ = no_input;  // the state that rates need where no length is given
  std::size_t lines_ = no_input;   // the state of the lines, for dead letters
  std::unique_ptr<Secret> secret_ = std::make_unique<Secret>();
  std::unique_ptr<Layout> layout_, sliding_layout_;  // made by of(); states point to them
};

}  // namespace sz::aggregate
