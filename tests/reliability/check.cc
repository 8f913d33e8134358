#include "check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace sz::simulate {
namespace {

using Complaint = std::optional<std::string>;

std::string first_difference(std::string_view wanted, std::string_view got) {
  std::size_t line = 1, at = 0;
  while (at < std::min(wanted.size(), got.size()) && wanted[at] == got[at]) line += wanted[at++] == '\n';
  const auto whole_line = [&](std::string_view text) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return std::string(text.substr(begin, text.find('\n', begin) - begin).substr(0, 300));
  };
  return fmt::format("line {}: wanted <{}> got <{}>", line,
                     at < wanted.size() ? whole_line(wanted) : "the end",
                     at < got.size() ? whole_line(got) : "the end");
}

std::string text(const Sums& s) {
  return fmt::format("in {} made {} out {} filtered {} merged {} failed {} dropped {}", s.in, s.made, s.out,
                     s.filtered, s.merged, s.failed, s.dropped);
}

/// What must hold for every run that came to its end, whatever it did.
Complaint always(const Scenario& s, const Observed& o) {
  if (o.broken) return "broken: " + *o.broken;
  if (const auto at = o.notices.find("sz: watch: "); at != std::string::npos)
    return "protocol: " + o.notices.substr(at, o.notices.find('\n', at) - at);
  if (!o.error.empty()) {
    if (s.output_fails && o.error == "disk full") return std::nullopt;
    if (s.write_limit != 0 && s.signal && o.error.starts_with("standard output took no more"))
      return std::nullopt;
    return "error: " + o.error;
  }
  if (o.output_closed) return s.closes ? std::nullopt : Complaint("closed: nobody closed the output");
  if (!o.balanced) {
    std::string sums;
    for (const Sums& sum : o.result.sums) sums += "; " + text(sum);
    return fmt::format("unbalanced: lines {} blank {} fates {}{}", o.result.lines, o.result.blank,
                       fmt::join(o.result.fates, " "), sums);
  }
  std::set<std::string> failed;
  for (const auto& [letter, n] : o.result.letters)
    if (!letter.starts_with(":0 "))  // of a result, whose lines have settled as merged
      failed.insert(letter.substr(0, letter.find(" step ")));
  if (failed.size() != o.result.fates[static_cast<std::size_t>(Fate::failed)])
    return fmt::format("letters: {} lines failed, {} lines in the letters",
                       o.result.fates[static_cast<std::size_t>(Fate::failed)], failed.size());
  std::size_t missing = 0;
  for (const InputFile& file : s.inputs) missing += file.missing;
  if (o.input_errors > missing) return "errors: an input that is there could not be read";
  if (o.signal != 0 && !s.signal) return "signal: nobody sent one";
  return std::nullopt;
}

bool unordered(const Scenario& s) {
  return std::ranges::any_of(s.steps, [](const Step& step) { return step.unordered; });
}

/// Two runs that must be the same.
Complaint same(const Observed& wanted, const Observed& got, std::string_view what) {
  if (wanted.output_closed || !wanted.error.empty()) {
    if (wanted.result.output.starts_with(got.result.output) ||
        got.result.output.starts_with(wanted.result.output))
      return std::nullopt;
    return fmt::format("{}: output {}", what, first_difference(wanted.result.output, got.result.output));
  }
  if (const auto d = difference(wanted.result, got.result, true)) return fmt::format("{}: {}", what, *d);
  if (wanted.signal != got.signal || wanted.stopped != got.stopped || wanted.failed != got.failed)
    return fmt::format("{}: another ending", what);
  return std::nullopt;
}

}  // namespace

Complaint difference(const Result& wanted, const Result& got, bool times) {
  if (wanted.output != got.output) return "output " + first_difference(wanted.output, got.output);
  for (const auto& [letter, n] : wanted.letters)
    if (!got.letters.contains(letter) || got.letters.at(letter) != n) return "letter missing: " + letter;
  for (const auto& [letter, n] : got.letters)
    if (!wanted.letters.contains(letter)) return "letter not wanted: " + letter;
  for (std::size_t i = 0; i < std::max(wanted.sums.size(), got.sums.size()); ++i)
    if (wanted.sums[i] != got.sums[i])
      return fmt::format("step {}: wanted {}; got {}", i + 1, text(wanted.sums[i]), text(got.sums[i]));
  if (wanted.lines != got.lines || wanted.blank != got.blank || wanted.fates != got.fates)
    return fmt::format("ledger: wanted {} {} {}; got {} {} {}", wanted.lines, wanted.blank,
                       fmt::join(wanted.fates, " "), got.lines, got.blank, fmt::join(got.fates, " "));
  for (const auto& [name, bytes] : wanted.files)
    if (!got.files.contains(name) || got.files.at(name) != bytes)
      return fmt::format("file {}: {}", name,
                         first_difference(bytes, got.files.contains(name) ? got.files.at(name) : ""));
  for (const auto& [name, bytes] : got.files)
    if (!wanted.files.contains(name)) return fmt::format("file not wanted: {}", name);
  if (times && wanted.written != got.written)
    for (const auto& [at, total] : wanted.written)
      if (!got.written.contains(at) || got.written.at(at) != total)
        return fmt::format("late: {} bytes wanted by {} ms", total, at / millisecond);
  return std::nullopt;
}

Complaint compare_with_oracle(const Scenario& s, const Expectation& expected, const Observed& o,
                              bool& whole) {
  whole = false;
  if (auto wrong = always(s, o)) return wrong;
  if (expected.uncertain || unordered(s)) return std::nullopt;
  if (s.write_limit != 0 && (s.wall_timed() || s.signal || s.closes)) return std::nullopt;
  const bool cut_off = s.signal && expected.last >= *s.signal + s.drain;
  if (expected.reading_open) return std::nullopt;
  if (o.output_closed || !o.error.empty()) {
    if (cut_off || expected.result.output.starts_with(o.result.output)) return std::nullopt;
    return "prefix: " + first_difference(expected.result.output, o.result.output);
  }
  if (cut_off) return std::nullopt;
  whole = !expected.discard_open;
  Result wanted = expected.result;
  if (expected.discard_open) {
    wanted.sums = o.result.sums;
    wanted.letters = o.result.letters;
    wanted.fates = o.result.fates;
  }
  if (auto wrong = difference(wanted, o.result, s.write_limit == 0)) return "oracle: " + *wrong;
  return std::nullopt;
}

Complaint check(const Scenario& s, Tally& tally) {
  ++tally.seeds;
  const auto run = [&](const Variant& variant) {
    ++tally.runs;
    return observe(s, variant);
  };
  const Expectation expected = expect(s);
  const Observed base = run({});
  bool whole = false;
  if (auto wrong = compare_with_oracle(s, expected, base, whole)) return wrong;
  ++(whole ? tally.whole : tally.parts);
  if (s.seed % 4 == 0)
    if (auto wrong = same(base, run({}), "twice")) return wrong;

  const bool open = s.signal && (expected.reading_open || s.waits() || unordered(s) || s.write_limit != 0);
  const bool paced_close = s.closes && s.write_limit != 0;
  if (!open && !paced_close) {
    for (const std::size_t reads : {1U, 2U, 7U}) {
      if (reads != 1 && s.seed % 3 != reads % 3) continue;
      const Observed other = run({.reads = reads});
      if (auto wrong = always(s, other)) return fmt::format("reads of {}: {}", reads, *wrong);
      if (auto wrong = same(base, other, fmt::format("reads of {}", reads))) return wrong;
      ++tally.reads;
    }
    for (const int threads : {2, 4}) {
      const Observed other = run({.threads = threads, .reads = s.seed % 5 == 0 ? std::size_t{3} : 0});
      if (auto wrong = always(s, other)) return fmt::format("-j {}: {}", threads, *wrong);
      if (auto wrong = same(base, other, fmt::format("-j {}", threads))) return wrong;
      ++tally.threads;
    }
  }
  const bool quiet = !s.signal && !s.closes && !s.output_fails && s.write_limit == 0;
  const bool limited = s.stop || s.max_failures || s.has("take");
  const bool by_arrival = s.merge == Scenario::Merge::by_arrival && s.inputs.size() > 1;
  if (s.event_time && quiet && !by_arrival && !s.idle && !s.loose() && !(limited && s.waits())) {
    const Observed other = run({.all_at_once = true});
    if (auto wrong = always(s, other)) return "all at once: " + *wrong;
    if (auto wrong = difference(base.result, other.result, false)) return "all at once: " + *wrong;
    ++tally.arrivals;
  }
  if (s.live) {
    const Observed other = run({.record_time = true});
    if (auto wrong = always(s, other)) return "replayed: " + *wrong;
    if (base.result.output != other.result.output)
      return "replayed: output " + first_difference(base.result.output, other.result.output);
    ++tally.live;
  }
  return std::nullopt;
}

}  // namespace sz::simulate
