#include "nested.h"

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "nested_evaluator.h"
#include "nested_tree.h"
#include "plan/command.h"
#include "random.h"
#include "run/pipeline.h"
#include "show.h"
#include "stages.h"
#include "unit/run/scripted_host.h"

namespace sz::simulate {

using namespace nested;

namespace {

struct Variation {
  int threads = 1;
  std::size_t reads = 0;
  std::uint64_t delays = 0;
  bool spaced = false;
  bool event_time = false;  ///< --time .n, and batches behind all
  bool windows = false;     ///< the same with windows
  bool never = false;       ///< some work outside never answers
  std::optional<Duration> signal = {};
  std::size_t write_limit = 0;  // a slow reader of the output takes so much at once
};

struct Seen {
  std::string output = {}, error = {}, notices = {};
  std::string filed = {};                 // file by file, the name in front of each line
  std::vector<std::string> letters = {};  // sorted
  std::array<std::uint64_t, verdicts> fates{};
  bool balanced = false;
};

class Letters final : public run::DeadLetters {
 public:
  explicit Letters(std::vector<std::string>& to) : to_(to) {}
  void write(const run::Letter& l) override {
    to_.push_back(
        fmt::format("{} {} {} {}", l.count == 0 ? l.line.number : 0, l.index, name(l.kind), l.record));
  }
  void flush(Time) override {}
  void close() override {}
  bool broken() const override { return false; }

 private:
  std::vector<std::string>& to_;
};

/// Of files by name: their lines, with the name in front.
std::string named(const std::map<std::string, std::string>& files) {
  std::string all;
  for (const auto& [name, bytes] : files)
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = bytes.find('\n', at) + 1;
      all += name + ' ' + bytes.substr(at, end - at);
      at = end;
    }
  return all;
}

Seen run_it(const std::vector<std::string>& pipeline_words, const std::vector<Thing>& lines,
            const Variation& v) {
  Seen seen;
  std::vector<std::string> words{"-j", std::to_string(v.threads), "--seed", "1", "--dlq",
                                 "x",  "--drain-timeout",         "150ms"};
  if (v.event_time || v.windows) words.insert(words.end(), {"--time", ".n"});
  words.insert(words.end(), pipeline_words.begin(), pipeline_words.end());
  if (v.event_time)
    words.insert(words.end(), {"then", "batch", "--every", "2s", "then", "map", "map([.n, .a, .f]) | sort"});
  if (v.windows)
    words.insert(words.end(), {"then", "window", "tumbling", "--size", "2s", "l=list:[.n, .a, .f]", "then",
                               "map", ".l | sort"});
  const auto command = plan::parse_command(words, all_stages());
  if (!command) return {.error = "refused: " + command.error().message};
  const auto& invocation = std::get<plan::Invocation>(*command);
  const auto options = run::Options::of(invocation);
  if (!options) return {.error = "refused: " + options.error().message};
  auto pipeline = run::Pipeline::build(invocation, *options);
  if (!pipeline) return {.error = "refused: " + pipeline.error().message};
  run::ScriptedHost host;
  std::string all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = lines[i].text() + '\n';
    if (v.spaced)
      host.piece("-", Duration{static_cast<std::int64_t>(i) * 40'000'000}, line);
    else
      all += line;
  }
  if (!v.spaced || lines.empty()) host.file("-", all);
  host.limit_reads(v.reads);
  if (v.write_limit != 0) {
    host.limit_writes(v.write_limit);
    host.output_pause(Duration{50'000'000});
  }
  if (v.signal) host.signal(*v.signal, SIGTERM);
  std::map<std::string, int> asked;
  host.answer([&](RequestId, const Request& request) {
    const std::string key = request.command->words.back() + ' ' + request.input;
    const int f = request.input[request.input.size() - 3] - '0';  // before "}\n"
    Random random(std::hash<std::string>{}(key) ^ v.delays);
    Duration delay{static_cast<std::int64_t>(random.below(5)) * 30'000'000};
    if (v.never && random.percent(20)) delay.ns += 3'600'000'000'000;
    if (asked[key]++ >= f) return std::pair(delay, sz::Result{.output = request.input});
    const BadEnd& end = bad_end(request.command->words.back(), std::stoi(request.input.substr(5)));
    return std::pair(delay, sz::Result{.end = end.end, .number = end.number, .error = "no"});
  });
  Letters letters(seen.letters);
  if (const auto opened = pipeline->open(host); !opened) return {.error = opened.error().message};
  try {
    const auto report =
        pipeline->run(host, letters, [&](std::string_view text) { seen.notices += text; }, nullptr);
    if (report.ending.error) seen.error = report.ending.error->message;
    seen.balanced = report.statistics.balanced(true);
    seen.fates = report.statistics.ledger.settled;
  } catch (const std::exception& fault) {
    seen.error = fault.what();
  }
  seen.output = host.output();
  seen.filed = named(host.side_files());
  std::ranges::sort(seen.letters);
  return seen;
}

std::vector<std::string> without_records(std::vector<std::string> letters, bool loose) {
  for (std::string& letter : letters)
    if (loose) letter.erase(letter.find('{'));
  return letters;
}

/// What is said about the order of the output.
enum class Order : std::uint8_t { whole, of_lines, none };

/// Lines of a text; those of one record sorted where their order among each other is open.
std::string ordered(const std::string& text, Order order) {
  const bool sort = order != Order::whole;
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    all.emplace_back(line.substr(0, line.find(',')), line);
    at = end + 1;
  }
  if (order == Order::none) std::ranges::sort(all);
  for (auto begin = all.begin(); sort && begin != all.end();) {
    auto end = begin;
    while (end != all.end() && end->first == begin->first) ++end;
    std::sort(begin, end);
    begin = end;
  }
  std::string made;
  for (const auto& [key, line] : all) (made += line) += '\n';
  return made;
}

/// All lines of a text, sorted.
std::string sorted(const std::string& text) { return ordered(text, Order::none); }

/// A line that is not among the wanted ones, or too often.
std::optional<std::string> unwanted(const std::string& wanted, const std::string& output) {
  std::multiset<std::string> may;
  for (std::size_t at = 0; at < wanted.size(); at = wanted.find('\n', at) + 1)
    may.insert(wanted.substr(at, wanted.find('\n', at) - at));
  for (std::size_t at = 0; at < output.size(); at = output.find('\n', at) + 1) {
    const auto found = may.find(output.substr(at, output.find('\n', at) - at));
    if (found == may.end()) return "output: not wanted, or twice: " + output.substr(at, 40);
    may.erase(found);
  }
  return std::nullopt;
}

/// Where buffers may shed: nothing comes that would not have come without them, but what they fail and what a
/// catch makes of that.
std::optional<std::string> part_of(const Seen& seen, const std::string& wanted,
                                   const std::string& wanted_filed,
                                   const std::vector<std::string>& wanted_letters, std::size_t lines,
                                   bool catches, bool loose) {
  std::uint64_t fates = 0;
  for (const std::uint64_t n : seen.fates) fates += n;
  if (fates != lines) return "shed: a line without a fate";
  if (catches) return std::nullopt;
  if (auto wrong = unwanted(wanted, seen.output)) return "shed " + *wrong;
  if (auto wrong = unwanted(wanted_filed, seen.filed)) return "shed file " + *wrong;
  const std::vector<std::string> known = without_records(wanted_letters, loose);
  std::multiset<std::string> may(known.begin(), known.end());
  for (const std::string& letter : without_records(seen.letters, loose)) {
    if (letter.find(" full ") != std::string::npos) continue;
    const auto found = may.find(letter);
    if (found == may.end()) return "shed letter: not wanted: " + letter;
    may.erase(found);
  }
  return std::nullopt;
}

/// Sorted, as one line.
std::string in_one(std::vector<std::tuple<int, long, int>> group) {
  std::ranges::sort(group);
  std::vector<std::string> texts;
  for (const auto& [n, a, f] : group) texts.push_back(fmt::format("[{},{},{}]", n, a, f));
  return fmt::format("[{}]\n", fmt::join(texts, ","));
}

/// What `batch --every 2s` by .n and its map make of these; or windows of 2s, which begin on a grid.
std::string grouped(const std::vector<Thing>& things, bool windows) {
  std::string all;
  for (std::size_t i = 0; i < things.size();) {
    const int end = windows ? things[i].n / 2 * 2 + 2 : things[i].n + 2;
    std::vector<std::tuple<int, long, int>> group;
    for (; i < things.size() && things[i].n < end; ++i)
      group.emplace_back(things[i].n, things[i].a, things[i].f);
    all += in_one(std::move(group));
  }
  return all;
}

/// With breakers that fail records what comes out depends on time; but not on anything else, and never more
/// comes out than could.
std::optional<std::string> check_open(const std::vector<std::string>& words, const std::vector<Thing>& lines,
                                      const std::string& most, const std::string& most_filed) {
  for (const Variation& v : {Variation{}, Variation{.delays = 5, .spaced = true}}) {
    const Seen seen = run_it(words, lines, v), again = run_it(words, lines, v);
    if (!seen.error.empty()) return "open error: " + seen.error;
    if (!seen.balanced) return "open unbalanced:";
    if (auto wrong = unwanted(most, seen.output)) return "open " + *wrong;
    if (auto wrong = unwanted(most_filed, seen.filed)) return "open file " + *wrong;
    if (seen.output != again.output || seen.filed != again.filed || seen.letters != again.letters ||
        seen.notices != again.notices || seen.fates != again.fates)
      return "open: another run is another";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> check_nested(std::uint64_t seed, std::string& shown) {
  Random random(seed * 0x9E3779B97F4A7C15U + 7);
  const auto breakers = seed % 4 == 0   ? Breakers::failing
                        : seed % 4 == 1 ? Breakers::waiting
                                        : Breakers::closed;
  Generator generator(random, breakers, seed % 4 == 2);
  const Nodes nodes = generator.pipeline(0);
  shown = shell_words(generator.words);
  std::vector<Thing> lines;
  for (std::size_t n = random.below(9); n != 0; --n)
    lines.push_back({static_cast<int>(lines.size() + 1), static_cast<long>(random.below(12)),
                     random.percent(30) ? static_cast<int>(1 + random.below(3)) : 0});

  Evaluator evaluator, good(false);
  std::string wanted, most;
  std::map<std::string, std::string> files, most_files;
  std::vector<Thing> wanted_things;
  std::vector<std::string> wanted_letters;
  std::array<std::uint64_t, verdicts> fates{};
  for (const Thing& line : lines) {
    const Outcome outcome = evaluator.pipeline(nodes, line);
    for (const Thing& thing : outcome.out) (wanted += thing.text()) += '\n';
    wanted_things.insert(wanted_things.end(), outcome.out.begin(), outcome.out.end());
    for (const Filed& filed : outcome.filed) (files[filed.file] += filed.thing.text()) += '\n';
    const Outcome all_good = good.pipeline(nodes, line);
    for (const Thing& thing : all_good.out) (most += thing.text()) += '\n';
    for (const Filed& filed : all_good.filed) (most_files[filed.file] += filed.thing.text()) += '\n';
    for (const Bad& bad : outcome.bad)
      wanted_letters.push_back(fmt::format("{} {} {} {}", line.n, bad.index, bad.kind, bad.thing.text()));
    const bool filed = std::ranges::any_of(outcome.filed, [](const Filed& f) { return !f.tap; });
    const Verdict fate = !outcome.bad.empty()            ? Verdict::failed
                         : !outcome.out.empty() || filed ? Verdict::out
                                                         : Verdict::filtered;
    ++fates[static_cast<std::size_t>(fate)];
  }
  std::ranges::sort(wanted_letters);
  const Order order = generator.arrival ? Order::none : generator.catches ? Order::of_lines : Order::whole;
  // Of failures in copies of one stage any may be the first.
  const auto has = [&](std::string_view word) {
    return std::ranges::find(generator.words, word) != generator.words.end();
  };
  const bool loose = has("partition");
  const std::string wanted_filed = named(breakers == Breakers::failing ? most_files : files);
  const auto misfiled = [&](const Seen& seen) -> std::optional<std::string> {
    if (order == Order::whole && !loose ? seen.filed == wanted_filed
                                        : sorted(seen.filed) == sorted(wanted_filed))
      return std::nullopt;
    return fmt::format("files: wanted\n{}got\n{}", wanted_filed, seen.filed);
  };

  if (breakers == Breakers::failing) {
    if (auto wrong = check_open(generator.words, lines, most, wanted_filed)) return wrong;
    wanted = most;
  }
  for (const Variation& v : {Variation{}, Variation{.reads = 1}, Variation{.threads = 2, .delays = seed},
                             Variation{.delays = 99, .spaced = true}, Variation{.write_limit = 70}}) {
    if (breakers == Breakers::failing) break;
    const Seen seen = run_it(generator.words, lines, v);
    if (!seen.error.empty()) return "error: " + seen.error;
    if (!seen.balanced) return "unbalanced:";
    if (generator.sheds) {
      if (auto wrong =
              part_of(seen, wanted, wanted_filed, wanted_letters, lines.size(), generator.catches, loose))
        return wrong;
      continue;
    }
    if (ordered(seen.output, order) != ordered(wanted, order))
      return fmt::format("output: wanted\n{}got\n{}", wanted, seen.output);
    if (auto wrong = misfiled(seen)) return wrong;
    if (without_records(seen.letters, loose) != without_records(wanted_letters, loose))
      return fmt::format("letters: wanted\n{}\ngot\n{}", fmt::join(wanted_letters, "\n"),
                         fmt::join(seen.letters, "\n"));
    if (seen.fates != fates)
      return fmt::format("fates: wanted {} got {}", fmt::join(fates, " "), fmt::join(seen.fates, " "));
    if (breakers == Breakers::closed && !has("--max-keys") && !seen.notices.empty())
      return "notices: " + seen.notices;
  }
  const bool ends = nodes.back().op == Op::write;  // then no batch can stand behind
  const bool exact = breakers != Breakers::failing && !generator.arrival && !generator.sheds && !ends;
  for (const Variation& v : {Variation{.reads = 1, .event_time = true},
                             Variation{.threads = 2, .delays = seed, .event_time = true},
                             Variation{.delays = 7, .spaced = true, .event_time = true}}) {
    if (!exact) break;
    const Seen seen = run_it(generator.words, lines, v);
    if (!seen.error.empty()) return "time error: " + seen.error;
    if (!seen.balanced) return "time unbalanced:";
    if (auto wrong = misfiled(seen)) return "time " + *wrong;
    if (seen.output != grouped(wanted_things, false))
      return fmt::format("time: wanted\n{}got\n{}", grouped(wanted_things, false), seen.output);
    if (without_records(seen.letters, loose) != without_records(wanted_letters, loose))
      return fmt::format("time letters: wanted\n{}\ngot\n{}", fmt::join(wanted_letters, "\n"),
                         fmt::join(seen.letters, "\n"));
  }
  // Whatever was held and however long answers took: nothing comes too late for its window.
  for (const Variation& v : {Variation{.windows = true}, Variation{.delays = seed, .windows = true},
                             Variation{.delays = 7, .spaced = true, .windows = true}}) {
    if (breakers == Breakers::failing || generator.sheds || ends) break;
    const Seen seen = run_it(generator.words, lines, v);
    if (!seen.error.empty()) return "windows error: " + seen.error;
    if (!seen.balanced) return "windows unbalanced:";
    if (seen.output != grouped(wanted_things, true))
      return fmt::format("windows: wanted\n{}got\n{}{}", grouped(wanted_things, true), seen.output,
                         seen.notices);
  }
  const Seen cut = run_it(generator.words, lines,
                          {.spaced = true,
                           .never = true,
                           .signal = Duration{static_cast<std::int64_t>(random.below(400)) * 1'000'000}});
  if (!cut.error.empty()) return "cut error: " + cut.error;
  if (!cut.balanced) return "cut unbalanced:";
  if (generator.sheds && generator.catches) return std::nullopt;
  // A record in a retry goes on where only a tap's copy has failed: so it may where the end of the run took
  // the place of another failure.
  const bool spared = has("retry") && has("tap");
  if (auto wrong = unwanted(spared ? wanted + most : wanted, cut.output)) return "cut " + *wrong;
  if (auto wrong = unwanted(wanted_filed, cut.filed)) return "cut file " + *wrong;
  return std::nullopt;
}

}  // namespace sz::simulate
