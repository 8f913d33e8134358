#include "oracle.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace sz::simulate {
namespace {

/// A line of the input as it arrives.
struct Arrival {
  Ns at = 0;
  InputLine line;
  std::string source;
  std::uint64_t number = 0;  ///< in its file
  bool torn = false;
};

struct Input {
  std::vector<Arrival> lines;
  Ns over = 0;
  bool mark_cut = false;  ///< the signal came within a byte order mark: is that a line?
};

/// Cuts the files into lines and finds out when each of them is complete; a signal cuts them short.
Input arrivals(const Scenario& s, std::span<const InputFile> files) {
  Input input;
  const Ns stop = s.signal.value_or(forever);
  for (const InputFile& file : files) {
    if (file.missing) continue;
    if (input.over >= stop) break;
    const std::string bytes = file.bytes();
    const std::size_t mark = file.byte_order_mark ? 3 : 0;
    std::vector<Ns> when(bytes.size(), input.over);
    Ns last = input.over;
    if (!file.regular) {
      std::size_t at = 0;
      for (const InputFile::Piece& piece : file.pieces) {
        last = std::max(last, piece.at);
        for (std::size_t i = 0; i < piece.size; ++i) when[at++] = last;
      }
      last = std::max(last, file.ends);
    }
    std::size_t at = mark;
    if (mark != 0 && when[0] < stop && when[2] >= stop) input.mark_cut = true;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::size_t begin = at;
      at += file.lines[i].bytes.size() + 1;
      const Ns complete = at > bytes.size() ? last : when[at - 1];
      Arrival arrival{complete, file.lines[i], file.path, i + 1, false};
      if (complete >= stop) {
        std::size_t there = begin;
        while (there < std::min(at - 1, bytes.size()) && when[there] < stop) ++there;
        if (there == begin) break;
        arrival.line.bytes.resize(there - begin);
        arrival.at = stop;
        arrival.torn = true;
        input.lines.push_back(std::move(arrival));
        break;
      }
      if (i + 1 == file.lines.size() && !file.newline_at_end && file.lines[i].bytes.empty()) break;
      input.lines.push_back(std::move(arrival));
    }
    input.over = last;
  }
  input.over = std::min(input.over, stop);
  return input;
}

/// The instant that --time .t gives.
std::optional<Ns> record_time(const Value& record) {
  if (record.kind != Value::Kind::object) return std::nullopt;
  const ValuePtr* t = record.find("t");
  if (t == nullptr) return std::nullopt;
  if ((*t)->kind == Value::Kind::number) return std::llround((*t)->number() * 1e9);
  int hour = 0, minute = 0;
  double seconds = 0;
  if ((*t)->kind != Value::Kind::string ||
      std::sscanf((*t)->text.c_str(), "1970-01-01T%d:%d:%lfZ", &hour, &minute, &seconds) != 3)
    return std::nullopt;
  return (hour * 60 + minute) * 60 * second + std::llround(seconds * 1e9);
}

/// One input as merge --by-time sees it: its lines in order, looked at up to the next record.
struct MergedInput {
  const Scenario& s;
  Input input;
  std::size_t next = 0;

  bool over() const { return next == input.lines.size(); }
  Ns known() const { return over() ? input.over : input.lines[next].at; }
  Ns time() const { return *record_time(*input.lines[next].line.value); }
  /// What is no record is passed over into `failed`, when it is there and `now` at the earliest.
  void look(Ns now, std::vector<Arrival>& failed) {
    for (; !over() && !usable(input.lines[next]); ++next) {
      failed.push_back(input.lines[next]);
      failed.back().at = std::max(failed.back().at, now);
    }
  }

 private:
  bool usable(const Arrival& a) const {
    return !a.torn && a.line.kind == InputLine::Kind::record && a.line.bytes.size() <= s.max_line &&
           record_time(*a.line.value);
  }
};

/// The earliest of the next records, once each input has one or is over.
Input merged_by_time(const Scenario& s) {
  std::vector<MergedInput> inputs;
  for (const InputFile& file : s.inputs) inputs.push_back({s, arrivals(s, {&file, 1})});
  Input all;
  Ns now = 0;
  while (true) {
    std::vector<Arrival> failed;
    MergedInput* first = nullptr;
    Ns known = now;
    for (MergedInput& one : inputs) {
      one.look(now, failed);
      known = std::max(known, one.known());
      if (!one.over() && (first == nullptr || one.time() < first->time())) first = &one;
    }
    std::ranges::stable_sort(failed, {}, &Arrival::at);
    all.lines.insert(all.lines.end(), failed.begin(), failed.end());
    all.over = now = known;
    if (first == nullptr) return all;
    all.lines.push_back(first->input.lines[first->next++]);
    all.lines.back().at = now;
  }
}

/// All at once, as they come.
Input merged_by_arrival(const Scenario& s) {
  Input all;
  for (const InputFile& file : s.inputs) {
    Input one = arrivals(s, {&file, 1});
    all.lines.insert(all.lines.end(), one.lines.begin(), one.lines.end());
    all.over = std::max(all.over, one.over);
    all.mark_cut |= one.mark_cut;
  }
  std::ranges::stable_sort(all.lines, {}, &Arrival::at);
  return all;
}

Input input_of(const Scenario& s) {
  switch (s.merge) {
    case Scenario::Merge::by_time:
      return merged_by_time(s);
    case Scenario::Merge::by_arrival:
      return merged_by_arrival(s);
    case Scenario::Merge::no:
      break;
  }
  return arrivals(s, s.inputs);
}

/// One pass over all that was fed so far.
struct Pass {
  Books books;
  std::vector<Event> out;
  std::uint64_t lines = 0, blank = 0;
  Ns clock = -forever;
  std::optional<Ns> refused;  ///< the time of the record before, if --max-ahead refused it
};

struct Fed {
  const Arrival* line;
  Ns at;
};

class Oracle {
 public:
  explicit Oracle(const Scenario& scenario) : s_(scenario), input_(input_of(scenario)) {}

  Expectation answer() {
    reading_open_ = input_.mark_cut;
    for (const Arrival& line : input_.lines) {
      const When next = when_fed(line.at);
      if (next.halt != Halt::none) return finish(next.at, next.halt == Halt::unwanted);
      if (s_.signal && (line.torn ? s_.waits() : next.at >= *s_.signal)) reading_open_ = true;
      fed_.push_back({&line, next.at});
    }
    const When next = when_fed(input_.over);
    if (s_.signal && next.at > *s_.signal && next.halt == Halt::none) reading_open_ = true;
    return finish(next.at, next.halt == Halt::unwanted);
  }

 private:
  enum class Halt : std::uint8_t { none, unwanted, failures };
  struct When {
    Ns at;
    Halt halt;
  };

  /// When what has arrived at `at` is fed, or when the reading stops before that.
  When when_fed(Ns at) {
    if (!fed_.empty()) at = std::max(at, fed_.back().at);
    if (!s_.stop && !s_.max_failures && !s_.has("take") && !s_.waits()) return {at, Halt::none};
    const Pass pass = run(false, at, false);

    Ns held_until = at;
    std::vector<bool> blocked(s_.steps.size(), false);
    std::multimap<Ns, std::pair<std::size_t, bool>> changes;  // equal times stay in order
    for (const auto& change : pass.books.blocked) changes.insert(change);
    auto next = changes.begin();
    const auto any = [&] { return std::ranges::find(blocked, true) != blocked.end(); };
    const auto apply = [&](Ns until) {
      for (; next != changes.end() && next->first <= until; ++next)
        blocked[next->second.first - 1] = next->second.second;
    };
    for (apply(at); any() && next != changes.end(); apply(held_until)) held_until = next->first;

    Ns unwanted = forever, failed = forever;
    for (std::size_t step = 0;
         step < s_.steps.size() && s_.steps[step].stage != "tap" && s_.steps[step].stage != "outside"; ++step)
      if (const auto done = pass.books.done[step]) unwanted = std::min(unwanted, *done);
    if (const auto limit = last_failure(pass.books.failures)) failed = limit->wall;
    const Ns stop = std::max<Ns>(std::min(unwanted, failed), 0);
    if (stop > held_until) return {held_until, Halt::none};
    return {std::max(stop, fed_.empty() ? 0 : fed_.back().at),
            failed <= unwanted ? Halt::failures : Halt::unwanted};
  }

  /// The failure that passes the limit: nothing after it in the order of the input is emitted.
  struct Limit {
    Ns wall;
    int wall_rank, line;
    auto operator<=>(const Limit&) const = default;
  };
  std::optional<Limit> last_failure(const std::vector<FailedItem>& failures) const {
    if (!s_.stop && !s_.max_failures) return std::nullopt;
    std::vector<Limit> all;
    for (const FailedItem& failure : failures)
      all.push_back({failure.wall, failure.wall_rank,
                     failure.item.lines.empty() ? 0 : std::ranges::max(failure.item.lines)});
    std::ranges::sort(all);
    const std::size_t most = s_.stop ? 0 : static_cast<std::size_t>(*s_.max_failures);
    return all.size() > most ? std::optional(all[most]) : std::nullopt;
  }

  Pass run(bool ended, Ns end, bool discard) const {
    Pass pass;
    pass.books.sums.resize(s_.steps.size());
    pass.books.done.resize(s_.steps.size());
    std::vector<Event> events;
    for (std::size_t i = 0; i < fed_.size(); ++i) {
      silence(pass, events, i == 0 ? 0 : fed_[i - 1].at, fed_[i].at);
      feed(pass, events, i);
    }
    silence(pass, events, fed_.empty() ? 0 : fed_.back().at, end);
    // What ended the reading came at the instant of the silence: which was first?
    if (s_.idle && ended && !fed_.empty() && fed_.back().at + *s_.idle == end) pass.books.uncertain = true;
    Event last;
    last.type = ended ? Event::Type::end : Event::Type::probe;
    last.wall = ended ? end : forever - 1;
    last.clock = last.settled = s_.event_time ? pass.clock : last.wall;
    last.discard = discard;
    events.push_back(last);
    for (std::size_t i = 0; i < s_.steps.size(); ++i)
      events = make_model(s_, s_.steps[i], i + 1, pass.books)->run(std::move(events));
    pass.out = std::move(events);
    return pass;
  }

  /// Nothing came from one instant to the other: once is enough, since then nothing is open any more. Input
  /// that comes at the very instant is first.
  void silence(const Pass& pass, std::vector<Event>& events, Ns from, Ns to) const {
    if (!s_.idle || from + *s_.idle >= to) return;
    Event event;
    event.type = Event::Type::idle;
    event.wall = from + *s_.idle;
    event.clock = event.settled = s_.event_time ? pass.clock : event.wall;
    events.push_back(std::move(event));
  }

  void feed(Pass& pass, std::vector<Event>& events, std::size_t i) const {
    const Arrival& arrival = *fed_[i].line;
    const InputLine& line = arrival.line;
    ++pass.lines;
    Item item{.text = line.separator ? line.bytes.substr(1) : line.bytes,
              .value = line.value,
              .origin = static_cast<int>(pass.books.nodes.size()),
              .lines = {static_cast<int>(i)}};
    pass.books.nodes.emplace_back();
    const auto fails = [&](const char* kind) {
      pass.books.settle(item.origin, Fate::failed);
      pass.books.failures.push_back({item, 0, kind, fed_[i].at, feeding});
    };
    if (line.bytes.size() > s_.max_line) return fails(arrival.torn ? "shutdown" : "too_long");
    if (arrival.torn) return fails("shutdown");
    if (s_.raw_input) {
      if (!line.utf8) return fails("parse");
      item.value = string_value(line.value->text);
      item.text = item.value->raw;
    } else if (line.kind == InputLine::Kind::blank) {
      ++pass.blank;
      pass.books.nodes[static_cast<std::size_t>(item.origin)].strongest = Fate::none;
      return;
    } else if (line.kind == InputLine::Kind::broken) {
      return fails("parse");
    }
    Event event;
    event.wall = event.clock = item.at = fed_[i].at;
    if (s_.event_time) {
      const auto at = record_time(*item.value);
      if (!at) return fails("time");
      if (s_.max_ahead && pass.clock != -forever && *at - pass.clock > *s_.max_ahead) {
        const bool moved = pass.refused && std::abs(*at - *pass.refused) <= *s_.max_ahead;
        pass.refused = moved ? std::nullopt : at;
        if (!moved) return fails("time");
      }
      pass.refused.reset();
      if (*at > pass.clock) {
        pass.clock = *at;
        Event advance = event;
        advance.type = Event::Type::advance;
        advance.clock = advance.settled = *at;
        events.push_back(std::move(advance));
      }
      event.clock = event.settled = pass.clock;
      item.at = *at;
    }
    event.item = std::move(item);
    events.push_back(std::move(event));
  }

  Expectation finish(Ns end, bool discard) const {
    Pass pass = run(true, end, discard);
    Expectation expectation;
    Result& r = expectation.result;
    const auto stop = last_failure(pass.books.failures);
    if (stop)  // a result that fails has no line
      for (const FailedItem& failure : pass.books.failures)
        expectation.uncertain |= failure.item.lines.empty();
    if (stop && keeps_back())
      for (const FailedItem& failure : pass.books.failures)  // of several at that instant, which was first?
        expectation.uncertain |=
            failure.wall == stop->wall && failure.index != pass.books.failures.front().index;
    for (const Event& event : pass.out) {
      expectation.last = std::max(expectation.last, event.wall);
      if (event.type != Event::Type::record) continue;
      const Item& item = event.item;
      if (stop && !item.lines.empty() && std::ranges::min(item.lines) > stop->line) {
        if (event.wall == stop->wall) expectation.uncertain = true;  // before or after it?
        if (event.wall >= stop->wall) {
          pass.books.settle(item.origin, Fate::filtered);
          if (!item.file.empty()) {
            --pass.books.sums.back().out;
            ++pass.books.sums.back().filtered;
          }
          continue;
        }
      }
      pass.books.settle(item.origin, Fate::out);
      std::string& to = item.file.empty() ? r.output : pass.books.files[item.file];
      to += s_.raw_output && item.value->kind == Value::Kind::string ? item.value->text : item.text;
      to += '\n';
      if (item.file.empty()) r.written[event.wall] = r.output.size();
    }
    if (stop && s_.has("write"))  // what came later is not looked at for its name
      for (const FailedItem& failure : pass.books.failures)
        expectation.uncertain |= failure.index == s_.steps.size() && failure.wall >= stop->wall &&
                                 !failure.item.lines.empty() &&
                                 std::ranges::max(failure.item.lines) != stop->line;
    for (const FailedItem& failure : pass.books.failures) {
      expectation.last = std::max(expectation.last, failure.wall);
      if (failure.item.lines.empty())  // it sums up lines that have settled
        ++r.letters[describe_letter({}, 0, failure.index, failure.kind, failure.item.text, {})];
      for (const int line : std::set<int>(failure.item.lines.begin(), failure.item.lines.end())) {
        const Arrival& from = *fed_[static_cast<std::size_t>(line)].line;
        ++r.letters[describe_letter(
            from.source, from.number, failure.index, failure.kind,
            failure.index != 0 ? std::string_view(failure.item.text) : std::string_view(),
            s_.dlq && !from.line.separator ? std::string_view(from.line.bytes) : std::string_view())];
      }
    }
    auto& nodes = pass.books.nodes;
    for (std::size_t i = nodes.size(); i-- > 0;)
      for (std::size_t m = 0; m < nodes[i].members.size(); ++m) {
        const bool shares = m == 0 || nodes[i].strongest != Fate::out;
        pass.books.settle(nodes[i].members[m], shares ? nodes[i].strongest : Fate::merged);
      }
    r.lines = pass.lines;
    r.blank = pass.blank;
    // Lines come before all that is made of them.
    for (std::size_t i = 0; i < fed_.size(); ++i) {
      const Fate fate = nodes[i].strongest;
      if (!is_blank(*fed_[i].line))
        ++r.fates[static_cast<std::size_t>(fate == Fate::none ? Fate::filtered : fate)];
    }
    r.sums = pass.books.sums;
    r.files = pass.books.files;
    for (const Step& step : s_.steps)
      if (step.stage == "tap" || (step.stage == "write" && step.mode.empty())) r.files.try_emplace(step.file);
    // --max-failures counts lines once they have settled; the oracle knows only when records fail.
    const bool parts = s_.has("batch") || s_.has("flatten") || s_.has("map") || s_.has("outside");
    expectation.uncertain |= pass.books.uncertain || (s_.max_failures && parts);
    expectation.reading_open = reading_open_;
    expectation.discard_open = discard && s_.waits();
    return expectation;
  }

  /// A step lets records go later than it takes others.
  bool keeps_back() const {
    return std::ranges::any_of(s_.steps, [](const Step& step) {
      return step.keep_last || step.last || step.stage == "debounce" || step.mode == "--reservoir";
    });
  }

  bool is_blank(const Arrival& a) const {
    return !s_.raw_input && !a.torn && a.line.kind == InputLine::Kind::blank &&
           a.line.bytes.size() <= s_.max_line;
  }

  const Scenario& s_;
  Input input_;
  std::vector<Fed> fed_;
  bool reading_open_ = false;
};

std::string_view bare(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Expectation expect(const Scenario& scenario) { return Oracle(scenario).answer(); }

std::string describe_letter(std::string_view source, std::uint64_t line, std::size_t index,
                            std::string_view kind, std::string_view record, std::string_view original) {
  return fmt::format("{}:{} step {} {} record <{}> original <{}>", source, line, index, kind,
                     bare(record).substr(0, 200), original.substr(0, 200));
}

}  // namespace sz::simulate
