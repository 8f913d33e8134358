#include "stages/aggregates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "expr/argument.h"
#include "json/write.h"

namespace sz::aggregate {
namespace {

using Reading = Function::Reading;

std::string_view type_name(json::Kind kind) {
  switch (kind) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return "boolean";
    case json::Kind::number:
      return "number";
    case json::Kind::string:
      return "string";
    case json::Kind::array:
      return "array";
    case json::Kind::object:
      break;
  }
  return "object";
}

/// The expression of an AGG word; an error points into the word.
std::expected<expr::Program, PlanError> compile(const Arguments& arguments, std::string_view name,
                                                std::size_t k, const Word& word, const Settings& settings) {
  Arguments alone;
  alone.set("EXPR", word.expression, 0, 0);
  auto program = expr::compile_argument(alone, "EXPR", settings);
  if (program) return std::move(*program);
  PlanError& error = program.error();
  return std::unexpected(arguments.error_at(name, k, std::move(error.message), std::move(error.hint),
                                            word.expression_at + error.offset, error.length));
}

void append(std::string& out, const json::Number& number) {
  if (number.integer)
    json::append_number(out, number.i);
  else
    json::append_number(out, number.d);
}

void append_ranked(std::string& out, const Tally& tally, std::size_t most) {
  char separator = '[';
  for (const auto& [shown, count] : tally.top(most)) {
    out += separator;
    separator = ',';
    fmt::format_to(std::back_inserter(out), R"({{"value":{},"count":{}}})", shown, count);
  }
  out += ']';
}

template <class Values>
void append_percentile(std::string& out, Values& values, double p) {
  if (values.count() == 0)
    out += "null";
  else
    append(out, values.at(p));
}

}  // namespace

std::size_t Aggregates::input(const Word& word, std::optional<expr::Program> program) {
  const auto known = std::ranges::find(inputs_, word.expression, &Input::source);
  auto at = static_cast<std::size_t>(known - inputs_.begin());
  if (known == inputs_.end()) {
    inputs_.push_back({.source = word.expression,
                       .program = std::move(program),
                       .first_user = {},
                       .data = {},
                       .text = {},
                       .places = {}});
  }
  Input& made = inputs_[at];
  const StateKind kind = word.function.state;
  if (word.function.numbers && !std::exchange(made.numbers, true)) made.first_user = word.name;
  made.written |= kind == StateKind::least || kind == StateKind::greatest || kind == StateKind::first ||
                  kind == StateKind::last || kind == StateKind::tally || kind == StateKind::list;
  made.canonical |= kind == StateKind::tally || kind == StateKind::distinct;
  return at;
}

std::size_t Aggregates::state(StateKind kind, double share, std::size_t of) {
  const std::size_t known = state_inputs_.size();
  for (std::size_t i = 0; i < known; ++i)
    if (layout_->kind(i) == kind && state_inputs_[i] == of && layout_->share(i) == share) return i;
  layout_->add(kind, share);
  sliding_layout_->add(kind == StateKind::quantiles ? StateKind::sliding : kind, share);
  state_inputs_.push_back(of);
  return known;
}

std::expected<Aggregates, PlanError> Aggregates::of(const Arguments& arguments, std::string_view name,
                                                    const Settings& settings,
                                                    std::span<const std::string_view> taken, bool merged) {
  Aggregates made;
  made.layout_ = std::make_unique<Layout>(*made.secret_, settings.seed);
  made.sliding_layout_ = std::make_unique<Layout>(*made.secret_, settings.seed);
  std::set<std::string, std::less<>> names(taken.begin(), taken.end());
  const std::vector<std::string> words = arguments.texts(name);
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (words[k] == "count" && std::ranges::find(taken, "count") != taken.end()) continue;
    auto word = parse_word(words[k]);
    if (!word) {
      PlanError& error = word.error();
      if (k + 1 < words.size() && words[k + 1].starts_with('='))
        error.hint = fmt::format("no blanks around =: {}=count", quote(words[k], 40));
      return std::unexpected(
          arguments.error_at(name, k, error.message, error.hint, error.offset, error.length));
    }
    if (!names.insert(word->name).second)
      return std::unexpected(arguments.error_at(
          name, k, fmt::format("the result has a member \"{}\" already", quote(word->name, 40)),
          "give this one another name", 0, word->name.size()));
    std::optional<expr::Program> program;
    if (!word->expression.empty()) {
      auto compiled = compile(arguments, name, k, *word, settings);
      if (!compiled) return std::unexpected(std::move(compiled.error()));
      program = std::move(*compiled);
    }
    Function& function = word->function;
    const bool records = word->expression.empty() &&
                         (function.state == StateKind::count || function.reading == Reading::per_second);
    if (records) function.state = StateKind::count;
    if (merged && function.state == StateKind::average) function.state = StateKind::series;
    const std::size_t from = records ? no_input : made.input(*word, std::move(program));
    Output output{.name = ",", .function = function, .state = 0};
    json::append_string(output.name, word->name);
    output.name += ':';
    output.state =
        made.state(function.state, function.reading == Reading::average ? function.parameter : 0, from);
    if (function.reading == Reading::per_second) made.note_period();
    made.outputs_.push_back(std::move(output));
  }
  return made;
}

bool Aggregates::reads_clock() const {
  return std::ranges::any_of(inputs_, [](const Input& i) { return i.program && i.program->uses_now(); });
}

std::expected<void, Failure> Aggregates::read(Record& record, Time now) {
  for (Input& input : inputs_)
    if (auto done = read(input, record, now); !done) return done;
  return {};
}

std::expected<void, Failure> Aggregates::read(Input& input, Record& record, Time now) {
  input.data.clear();
  input.text.clear();
  input.places.clear();
  if (!input.program) {
    if (auto done = take(input, expr::Value::of(record.value())); !done) return done;
  } else if (input.program->direct()) {
    auto value = input.program->value(record.value(), now, record.line);
    if (!value) return std::unexpected(Failure{FailureKind::expr, std::move(value.error())});
    if (auto done = take(input, *value); !done) return done;
  } else {
    auto values = input.program->outputs(record.value(), now, record.line);
    if (!values) return std::unexpected(Failure{FailureKind::expr, std::move(values.error())});
    for (const expr::Value& value : *values)
      if (auto done = take(input, value); !done) return done;
  }
  // The texts have stopped moving.
  for (std::size_t i = 0; i < input.places.size(); ++i) {
    const auto [written, canonical, end] = input.places[i];
    const std::string_view text(input.text);
    if (input.written && canonical != written)
      input.data[i].written = text.substr(written, canonical - written);
    if (input.canonical) input.data[i].canonical = text.substr(canonical, end - canonical);
  }
  return {};
}

std::expected<void, Failure> Aggregates::take(Input& input, const expr::Value& value) {
  const json::Kind kind = value.kind();
  if (kind == json::Kind::null) return {};
  Datum datum;
  if (input.numbers) {
    if (kind != json::Kind::number) {
      std::string text;
      value.append_json(text);
      return std::unexpected(Failure{
          FailureKind::type,
          fmt::format("{}: {} ({}) is not a number", input.first_user, type_name(kind), quote(text, 60))});
    }
    datum.number = value.number();
    if (std::isnan(datum.number.d)) return {};
    constexpr double most = std::numeric_limits<double>::max();
    datum.number.d = std::clamp(datum.number.d, -most, most);
  }
  Input::Place place{.written = input.text.size(), .canonical = input.text.size(), .end = input.text.size()};
  if (input.written) {
    if (value.is_node())
      datum.written = value.as_node().raw();
    else
      value.append_json(input.text);
    place.canonical = place.end = input.text.size();
  }
  if (input.canonical) {
    value.append_canonical(input.text);
    place.end = input.text.size();
  }
  input.data.push_back(datum);
  if (input.written || input.canonical) input.places.push_back(place);
  return {};
}

void Aggregates::note_period() { period_ = state(StateKind::period, 0, no_input); }

void Aggregates::note_lines() { lines_ = state(StateKind::lines, 0, no_input); }

std::span<const Datum> Aggregates::read_for(std::size_t i) const {
  static constexpr Datum record{};
  if (state_inputs_[i] == no_input) return {&record, 1};
  return inputs_[state_inputs_[i]].data;
}

void Aggregates::add(State state, std::size_t i, const Arrival& arrival) const {
  constexpr int values_a_record = 20;  // as bits
  Arrival each = arrival;
  each.number <<= values_a_record;
  for (const Datum& datum : read_for(i)) {
    aggregate::add(state, datum, each);
    ++each.number;
  }
}

void Aggregates::add(States& states, const Arrival& arrival) const {
  for (std::size_t i = 0; i < state_inputs_.size(); ++i) add(states[i], i, arrival);
}

void Aggregates::append(std::string& out, States& states, std::optional<Duration> length) const {
  if (!length && period_ != no_input) length = period(states).length();
  constexpr double second = 1e9;
  std::optional<double> seconds;
  if (length && length->ns > 0) seconds = static_cast<double>(length->ns) / second;
  for (const Output& output : outputs_) {
    out += output.name;
    append_value(out, output, states[output.state], seconds);
  }
}

void Aggregates::append_value(std::string& out, const Output& output, State state,
                              std::optional<double> seconds) {
  const Function& function = output.function;
  const StateKind kind = state.kind();
  const auto null = [&out] { out += "null"; };
  switch (function.reading) {
    case Reading::count:
      fmt::format_to(
          std::back_inserter(out), "{}",
          kind == StateKind::distinct ? state.as<DistinctCount>().count() : state.as<std::uint64_t>());
      return;
    case Reading::total:
      if (kind == StateKind::change) {
        const Change& change = state.as<Change>();
        return change.any() ? aggregate::append(out, change.total()) : null();
      }
      return state.as<ExactSum>().count() == 0 ? null()
                                               : aggregate::append(out, state.as<ExactSum>().total());
    case Reading::mean:
      return state.as<ExactSum>().count() == 0 ? null() : aggregate::append(out, state.as<ExactSum>().mean());
    case Reading::per_second: {
      const bool sums = kind == StateKind::sum;
      const std::uint64_t n = sums ? state.as<ExactSum>().count() : state.as<std::uint64_t>();
      if (n == 0 || !seconds) return null();
      return json::append_number(out,
                                 (sums ? state.as<ExactSum>().total().d : static_cast<double>(n)) / *seconds);
    }
    case Reading::written: {
      const bool extreme = kind == StateKind::least || kind == StateKind::greatest;
      const auto written = extreme ? state.as<Extreme>().written() : state.as<Edge>().written();
      if (!written) return null();
      out += *written;
      return;
    }
    case Reading::variance:
    case Reading::deviation: {
      const Moments& moments = state.as<Moments>();
      if (moments.count() < 2) return null();
      return json::append_number(
          out, function.reading == Reading::variance ? moments.variance() : moments.deviation());
    }
    case Reading::average: {
      const MovingAverage average = kind == StateKind::series
                                        ? state.as<Series>().moving_average(function.parameter)
                                        : state.as<MovingAverage>();
      return average.count() == 0 ? null() : json::append_number(out, average.average());
    }
    case Reading::quantile:
      if (kind == StateKind::sliding)
        return append_percentile(out, state.as<SlidingQuantiles>(), function.parameter);
      return append_percentile(out, state.as<Quantiles>(), function.parameter);
    case Reading::mode: {
      const auto most = state.as<Tally>().top(1);
      if (most.empty()) return null();
      out += most.front().shown;
      return;
    }
    case Reading::top: {
      const Tally& tally = state.as<Tally>();
      return tally.size() == 0 ? null()
                               : append_ranked(out, tally, static_cast<std::size_t>(function.parameter));
    }
    case Reading::list: {
      const List& all = state.as<List>();
      if (all.empty()) return null();
      out += '[';
      out += all.elements();
      out += ']';
      return;
    }
  }
}

}  // namespace sz::aggregate
