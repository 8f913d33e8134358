#include "nested.h"

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "plan/command.h"
#include "random.h"
#include "run/pipeline.h"
#include "show.h"
#include "stages.h"
#include "unit/run/scripted_host.h"

namespace sz::simulate {
namespace {

/// A record: its line, a number that stages change, and how often each question outside is answered badly.
struct Thing {
  int n = 0;
  long a = 0;
  int f = 0;
  std::string text() const { return fmt::format(R"({{"n":{},"a":{},"f":{}}})", n, a, f); }
};

enum class Op : std::uint8_t {
  even,
  add,
  third,
  twice,
  outside,
  buffer,  // plain
  switch_else,
  switch_past,
  all,
  split,
  fanout,
  isolate,
  partition,
  tap,  // with branches
  retry,
  breaker,
  catches,  // prefixes; the last branch is what they wrap
};

struct Node {
  Op op = Op::add;
  int index = 0;
  long stride = 0;  // twice, all, fanout, tap: what tells copies apart
  int jobs = 1, attempts = 3, copies = 1;
  std::vector<std::vector<Node>> inner;
};
using Nodes = std::vector<Node>;

/// Makes a tree and the words for it.
class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Nodes pipeline(int depth) {
    Nodes all;
    for (std::size_t n = 1 + random_.below(depth == 0 ? 3 : 2); n != 0; --n) {
      if (!all.empty()) word("then");
      all.push_back(step(depth));
    }
    return all;
  }
  std::vector<std::string> words;
  bool catches = false;
  bool arrival = false;  // something joins as it comes
  bool sheds = false;    // buffers may drop

 private:
  void word(std::string text) { words.push_back(std::move(text)); }
  long stride() { return stride_ = (stride_ == 0 ? 60 : stride_ * 10); }

  Node step(int depth) {
    const std::size_t kinds = depth >= 4 || words.size() > 60 ? 6 : 17;
    auto op = static_cast<Op>(random_.below(kinds));
    if (retries_ != 0 && op == Op::buffer) op = Op::add;
    if (retries_ != 0 && op == Op::isolate) op = Op::fanout;
    Node node{.op = op, .index = ++count_, .inner = {}};
    switch (node.op) {
      case Op::even:
        word("filter"), word(".a % 2 == 0");
        break;
      case Op::add:
        word("map"), word(".a += 1");
        break;
      case Op::third:
        word("map"), word("if .a % 3 == 0 then error(\"third\") else . end");
        break;
      case Op::twice:
        node.stride = stride();
        word("map"), word(fmt::format("., (.a += {})", node.stride));
        break;
      case Op::outside:
        node.jobs = static_cast<int>(1 + random_.below(4));
        word("map"), word("--exec"), word(fmt::format("ask {}", node.index));
        word("--jobs"), word(std::to_string(node.jobs));
        break;
      case Op::buffer:
        word("buffer"), word("--size"), word(std::to_string(1 + random_.below(3)));
        when_full({"drop-newest", "drop-oldest", "fail"});
        arrival |= depth != 0;
        break;
      case Op::switch_else:
      case Op::switch_past:
      case Op::all:
        word("switch");
        if (node.op == Op::all) word("--all");
        word(".a % 2 == 0");
        branch(node, depth);
        word(".a % 3 == 1");
        branch(node, depth);
        if (node.op == Op::switch_else) word("else"), branch(node, depth);
        break;
      case Op::split:
        word("split"), word(".a % 2 == 0");
        branch(node, depth), branch(node, depth);
        break;
      case Op::fanout:
        word("fanout");
        branch(node, depth), branch(node, depth);
        break;
      case Op::isolate:
        word("fanout"), word("--isolate"), word(std::to_string(1 + random_.below(3)));
        when_full({"drop-newest", "drop-oldest"});
        arrival = true;
        branch(node, depth), branch(node, depth);
        break;
      case Op::partition:
        word("partition"), word("--round-robin"), word("-n"), word("3");
        branch(node, depth);
        break;
      case Op::tap:
        word("tap");
        branch(node, depth);
        break;
      case Op::retry:
        node.attempts = static_cast<int>(1 + random_.below(3));
        word("retry"), word("-n"), word(std::to_string(node.attempts)), word("--delay"), word("70ms");
        ++retries_;
        wrapped(node, depth);
        --retries_;
        break;
      case Op::breaker:
        word("breaker"), word("--min-calls"), word("1000000"), word("--window"), word("1000000");
        wrapped(node, depth);
        break;
      case Op::catches:
        catches = true;
        word("catch"), word("[");
        ++count_;
        word("map"), word(".record"), word("then");
        node.inner.push_back(pipeline(depth + 1));
        word("]");
        wrapped(node, depth);
        break;
    }
    return node;
  }

  void when_full(std::vector<const char*> policies) {
    if (random_.percent(70)) return;
    word("--when-full"), word(policies[random_.below(policies.size())]);
    sheds = true;
  }

  /// Copies must differ, or what is asked outside about one would answer for the other.
  void branch(Node& node, int depth) {
    word("[");
    if (node.op == Op::all || node.op == Op::fanout || node.op == Op::isolate || node.op == Op::tap) {
      Node mark{.op = Op::add, .index = ++count_, .stride = stride(), .inner = {}};
      word("map"), word(fmt::format(".a += {}", mark.stride));
      Nodes nodes{mark};
      if (random_.percent(80)) {
        word("then");
        for (Node& more : pipeline(depth + 1)) nodes.push_back(std::move(more));
      }
      node.inner.push_back(std::move(nodes));
    } else if (random_.percent(85)) {
      node.inner.push_back(pipeline(depth + 1));
    } else {
      node.inner.emplace_back();
    }
    word("]");
  }
  void wrapped(Node& node, int depth) {
    if (random_.percent(50)) {
      node.inner.push_back({step(depth + 1)});
    } else {
      branch(node, depth);
    }
  }

  Random& random_;
  int count_ = 0, retries_ = 0;
  long stride_ = 0;
};

struct Bad {
  int index = 0;
  std::string kind;
  Thing thing;
  bool tap = false;
};
struct Outcome {
  std::vector<Thing> out = {};
  std::vector<Bad> bad = {};
};

/// One record through a pipeline, as SPEC 7 has it, without any time.
class Evaluator {
 public:
  Outcome pipeline(const Nodes& nodes, const Thing& thing, std::size_t from = 0) {
    if (from == nodes.size()) return {{thing}, {}};
    Outcome here = node(nodes[from], thing), all;
    all.bad = std::move(here.bad);
    for (const Thing& next : here.out) append(all, pipeline(nodes, next, from + 1));
    return all;
  }

 private:
  static void append(Outcome& to, Outcome from) {
    to.out.insert(to.out.end(), from.out.begin(), from.out.end());
    to.bad.insert(to.bad.end(), from.bad.begin(), from.bad.end());
  }
  static Thing plus(Thing thing, long by) {
    thing.a += by;
    return thing;
  }

  Outcome node(const Node& node, const Thing& thing) {
    Outcome all;
    const bool even = thing.a % 2 == 0;
    switch (node.op) {
      case Op::even:
        return even ? Outcome{{thing}, {}} : Outcome{};
      case Op::add:
        return {{plus(thing, node.stride != 0 ? node.stride : 1)}, {}};
      case Op::third:
        if (thing.a % 3 == 0) return {{}, {{node.index, "expr", thing}}};
        return {{thing}, {}};
      case Op::twice:
        return {{thing, plus(thing, node.stride)}, {}};
      case Op::outside:
        if (asked_[{node.index, thing.text()}]++ < thing.f) return {{}, {{node.index, "exec_exit", thing}}};
        return {{thing}, {}};
      case Op::buffer:
        return {{thing}, {}};
      case Op::switch_else:
      case Op::switch_past:
      case Op::all: {
        std::vector<std::size_t> chosen;
        if (even) chosen.push_back(0);
        if (thing.a % 3 == 1 && (chosen.empty() || node.op == Op::all)) chosen.push_back(1);
        if (chosen.empty() && node.op == Op::switch_else) chosen.push_back(2);
        if (chosen.empty()) return {{thing}, {}};
        for (const std::size_t i : chosen) append(all, pipeline(node.inner[i], thing));
        return all;
      }
      case Op::split:
        return pipeline(node.inner[even ? 0 : 1], thing);
      case Op::fanout:
      case Op::isolate:
        for (const Nodes& inner : node.inner) append(all, pipeline(inner, thing));
        return all;
      case Op::partition:
        return pipeline(node.inner[0], thing);
      case Op::tap:
        all = pipeline(node.inner[0], thing);
        for (Bad& bad : all.bad) bad.tap = true;
        all.out = {thing};
        return all;
      case Op::breaker:
        return pipeline(node.inner[0], thing);
      case Op::retry:
        return retry(node, thing);
      case Op::catches:
        all = pipeline(node.inner[1], thing);
        for (const Bad& bad : std::exchange(all.bad, {})) append(all, pipeline(node.inner[0], bad.thing));
        return all;
    }
    return all;
  }

  Outcome retry(const Node& node, const Thing& thing) {
    for (int tried = 1;; ++tried) {
      Outcome now = pipeline(node.inner[0], thing);
      if (now.bad.empty()) return now;
      const Bad first = *std::ranges::min_element(
          now.bad, {}, [](const Bad& bad) { return std::pair(bad.tap, bad.index); });
      if (first.kind == "exec_exit" && tried < node.attempts) continue;
      if (first.tap) return {now.out, {first}};
      return {{}, {first}};
    }
  }

  std::map<std::pair<int, std::string>, int> asked_;
};

struct Variation {
  int threads = 1;
  std::size_t reads = 0;
  std::uint64_t delays = 0;
  bool spaced = false;
  std::optional<Duration> signal = {};
  std::size_t write_limit = 0;  // a slow reader of the output takes so much at once
};

struct Seen {
  std::string output = {}, error = {}, notices = {};
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

Seen run_it(const std::vector<std::string>& pipeline_words, const std::vector<Thing>& lines,
            const Variation& v) {
  Seen seen;
  std::vector<std::string> words{"-j", std::to_string(v.threads), "--seed", "1", "--dlq",
                                 "x",  "--drain-timeout",         "150ms"};
  words.insert(words.end(), pipeline_words.begin(), pipeline_words.end());
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
    const Duration delay{static_cast<std::int64_t>(random.below(5)) * 30'000'000};
    sz::Result result;
    result.number = asked[key]++ < f ? 1 : 0;
    result.output = request.input;
    result.error = "no";
    return std::pair(delay, std::move(result));
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
                                   const std::vector<std::string>& wanted_letters, std::size_t lines,
                                   bool catches) {
  std::uint64_t fates = 0;
  for (const std::uint64_t n : seen.fates) fates += n;
  if (fates != lines) return "shed: a line without a fate";
  if (!seen.notices.empty()) return "notices: " + seen.notices;
  if (catches) return std::nullopt;
  if (auto wrong = unwanted(wanted, seen.output)) return "shed " + *wrong;
  std::multiset<std::string> may(wanted_letters.begin(), wanted_letters.end());
  for (const std::string& letter : seen.letters) {
    if (letter.find(" full ") != std::string::npos) continue;
    const auto found = may.find(letter);
    if (found == may.end()) return "shed letter: not wanted: " + letter;
    may.erase(found);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> check_nested(std::uint64_t seed, std::string& shown) {
  Random random(seed * 0x9E3779B97F4A7C15U + 7);
  Generator generator(random);
  const Nodes nodes = generator.pipeline(0);
  shown = shell_words(generator.words);
  std::vector<Thing> lines;
  for (std::size_t n = random.below(9); n != 0; --n)
    lines.push_back({static_cast<int>(lines.size() + 1), static_cast<long>(random.below(12)),
                     random.percent(30) ? static_cast<int>(1 + random.below(3)) : 0});

  Evaluator evaluator;
  std::string wanted;
  std::vector<std::string> wanted_letters;
  std::array<std::uint64_t, verdicts> fates{};
  for (const Thing& line : lines) {
    const Outcome outcome = evaluator.pipeline(nodes, line);
    for (const Thing& thing : outcome.out) (wanted += thing.text()) += '\n';
    for (const Bad& bad : outcome.bad)
      wanted_letters.push_back(fmt::format("{} {} {} {}", line.n, bad.index, bad.kind, bad.thing.text()));
    const Verdict fate = !outcome.bad.empty()   ? Verdict::failed
                         : !outcome.out.empty() ? Verdict::out
                                                : Verdict::filtered;
    ++fates[static_cast<std::size_t>(fate)];
  }
  std::ranges::sort(wanted_letters);
  const Order order = generator.arrival ? Order::none : generator.catches ? Order::of_lines : Order::whole;
  // Of failures in copies of one stage any may be the first.
  const bool loose = std::ranges::find(generator.words, "partition") != generator.words.end();

  for (const Variation& v : {Variation{}, Variation{.reads = 1}, Variation{.threads = 2, .delays = seed},
                             Variation{.delays = 99, .spaced = true}, Variation{.write_limit = 70}}) {
    const Seen seen = run_it(generator.words, lines, v);
    if (!seen.error.empty()) return "error: " + seen.error;
    if (!seen.balanced) return "unbalanced:";
    if (generator.sheds) {
      if (auto wrong = part_of(seen, wanted, wanted_letters, lines.size(), generator.catches)) return wrong;
      continue;
    }
    if (ordered(seen.output, order) != ordered(wanted, order))
      return fmt::format("output: wanted\n{}got\n{}", wanted, seen.output);
    if (without_records(seen.letters, loose) != without_records(wanted_letters, loose))
      return fmt::format("letters: wanted\n{}\ngot\n{}", fmt::join(wanted_letters, "\n"),
                         fmt::join(seen.letters, "\n"));
    if (seen.fates != fates)
      return fmt::format("fates: wanted {} got {}", fmt::join(fates, " "), fmt::join(seen.fates, " "));
    if (!seen.notices.empty()) return "notices: " + seen.notices;
  }
  const Seen cut =
      run_it(generator.words, lines,
             {.spaced = true, .signal = Duration{static_cast<std::int64_t>(random.below(400)) * 1'000'000}});
  if (!cut.error.empty()) return "cut error: " + cut.error;
  if (!cut.balanced) return "cut unbalanced:";
  if (auto wrong = unwanted(wanted, cut.output)) return "cut " + *wrong;
  return std::nullopt;
}

}  // namespace sz::simulate
