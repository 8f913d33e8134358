#include "generate.h"

namespace sz::simulate {
namespace {

void choose_globals(Random& random, Scenario& s) {
  const auto add = [&](std::initializer_list<std::string> words) {
    s.globals.insert(s.globals.end(), words);
  };
  if (s.event_time && !s.live) add({"--time", ".t"});
  if ((s.dlq = random.percent(50))) add({"--dlq", "dead"});
  if (s.live) return;
  if (random.percent(8)) {
    s.stop = true;
    add({"--on-failure", "stop"});
  }
  if (random.percent(8)) {
    s.max_failures = random.below(4);
    add({"--max-failures", std::to_string(*s.max_failures)});
  }
  if (random.percent(10)) {
    s.max_keys = random.below(4);
    add({"--max-keys", std::to_string(*s.max_keys)});
  }
  if (!s.event_time && random.percent(7)) {
    s.raw_input = true;
    add({"-R"});
  }
  if (s.event_time && random.percent(20)) {
    s.max_ahead = random.pick<Ns>({second, 5 * second, 50 * second});
    add({"--max-ahead", std::to_string(*s.max_ahead / second) + "s"});
  }
  if (s.event_time && random.percent(25)) {
    s.lateness = random.pick<Ns>({100 * millisecond, 500 * millisecond, 1500 * millisecond, 5 * second});
    add({"--lateness", std::to_string(s.lateness / millisecond) + "ms"});
  }
  if (random.percent(10)) {
    s.raw_output = true;
    add({"-r"});
  }
  if (random.percent(10)) {
    s.max_line = 12 + random.below(40);
    add({"--max-line", std::to_string(s.max_line)});
  }
}

void choose_happenings(Random& random, Scenario& s) {
  const auto instant = [&] { return static_cast<Ns>(random.below(120)) * 50 * millisecond; };
  const std::size_t which = random.below(100);
  if (which < 14) {
    s.signal = instant();
    if (random.percent(50)) {
      s.drain = random.pick<Ns>({0, 100 * millisecond, second});
      s.globals.insert(s.globals.end(), {"--drain-timeout", std::to_string(s.drain / millisecond) + "ms"});
    }
  } else if (which < 19) {
    s.closes = instant();
  } else if (which < 29) {
    s.write_limit = 1 + random.below(60);
    s.write_pause = random.pick<Ns>({0, millisecond, 300 * millisecond});
  } else if (which < 32) {
    s.output_fails = random.below(80);
  } else if (which < 35) {
    s.report = instant();
  }
}

/// What is held back, or has to be found out about the future, depends on the reads where several inputs are
/// read at once. By time it does not; but what was looked at and is not wanted any more is no line.
void choose_merge(Random& random, Scenario& s) {
  if (s.live || s.stop || s.max_failures || s.write_limit != 0 || !random.percent(25)) return;
  const bool ends_by_itself = !s.signal && !s.closes && !s.output_fails && !s.has("take");
  if (s.event_time && ends_by_itself && !s.idle && random.percent(70))
    s.merge = Scenario::Merge::by_time;
  else if (!s.waits())
    s.merge = Scenario::Merge::by_arrival;
}

}  // namespace

Scenario generate(std::uint64_t seed) {
  Random random(seed * 0x9E3779B97F4A7C15U + 1);
  Scenario s;
  s.seed = seed;
  s.live = random.percent(10);
  s.event_time = !s.live && random.percent(50);
  choose_globals(random, s);
  s.steps = generate_steps(random, s.live, s.event_time);
  const bool large = random.percent(1) && !s.live && s.max_line > 1000;
  if (!s.live) choose_happenings(random, s);
  // Time in which nobody looks for input does not count as idle: the oracle does not know of that.
  if (!s.live && !s.waits() && s.write_limit == 0 && random.percent(20)) {
    s.idle = random.pick<Ns>({300 * millisecond, 500 * millisecond, 700 * millisecond, second});
    s.globals.insert(s.globals.end(), {"--idle-timeout", std::to_string(*s.idle / millisecond) + "ms"});
  }
  if (large && s.write_limit != 0) s.write_limit *= 1000;
  choose_merge(random, s);
  s.inputs = generate_inputs(random, s, large);
  if (s.merge != Scenario::Merge::no) {
    Step& merge = *s.steps.emplace(s.steps.begin());
    merge.stage = "merge";
    merge.words = {"merge"};
    if (s.merge == Scenario::Merge::by_time) merge.words.emplace_back("--by-time");
    for (const InputFile& input : s.inputs) merge.words.push_back(input.path);
    return s;
  }
  for (std::size_t i = 0; i < s.inputs.size(); ++i)
    if (s.inputs[i].path != "-" || s.inputs.size() > 1)
      s.globals.insert(s.globals.end(), {"-i", s.inputs[i].path});
  return s;
}

}  // namespace sz::simulate
