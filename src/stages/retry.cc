#include <memory>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "expr/argument.h"
#include "expr/condition.h"
#include "stages/retry_stage.h"

namespace sz {
namespace {

std::uint64_t jitter_seed(const Arguments& arguments, const Settings& settings) {
  if (settings.seeded) return settings.seed * 0x9E3779B97F4A7C15U + arguments.step_word;
  std::random_device random;
  return (std::uint64_t{random()} << 32) ^ random();
}

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  RetrySchedule::Rules rules;
  const auto error = [&](std::string_view name, std::string_view must) {
    return std::unexpected(arguments.error(name, fmt::format("{} {}", name, must)));
  };
  rules.attempts = arguments.count("--attempts").value_or(rules.attempts);
  if (rules.attempts == 0) return error("--attempts", "must be at least 1: it counts the first try");
  rules.delay = arguments.duration("--delay").value_or(rules.delay);
  if (rules.delay.ns < 0) return error("--delay", "must not be negative");
  rules.max_delay = arguments.duration("--max-delay").value_or(rules.max_delay);
  if (rules.max_delay < rules.delay) {
    if (arguments.given("--max-delay")) return error("--max-delay", "must not be less than --delay");
    rules.max_delay = rules.delay;
  }
  const auto factor = parse_factor(arguments.text("--factor").value_or("2"));
  if (!factor) return error("--factor", factor.error());
  rules.factor = *factor;
  const auto jitter = arguments.text("--jitter").value_or("full");
  rules.jitter = jitter == "none"    ? RetrySchedule::Jitter::none
                 : jitter == "equal" ? RetrySchedule::Jitter::equal
                                     : RetrySchedule::Jitter::full;
  retry::Options options{.schedule = RetrySchedule(rules, jitter_seed(arguments, settings)),
                         .max_elapsed = arguments.duration("--max-elapsed"),
                         .budget = {},
                         .condition = {},
                         .sources = settings.inputs};
  if (options.max_elapsed && options.max_elapsed->ns <= 0)
    return error("--max-elapsed", "must be more than 0");
  if (const auto share = arguments.share("--budget")) options.budget.emplace(*share);
  auto condition = expr::compile_optional(arguments, "--if", settings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  if (auto checked = expr::check_condition(arguments, "--if"); !checked)
    return std::unexpected(std::move(checked.error()));
  options.condition = std::move(*condition);
  return std::make_unique<retry::RetryStage>(std::move(options));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  of.branches = true;
  of.order = "kept: a record that waits for its next try keeps its place";
  of.memory = "the records in tries, and their output: as many as the stage inside works on (--jobs)";
  of.latency =
      fmt::format("{} tries (--attempts), up to {} apart (--max-delay)",
                  arguments.count("--attempts").value_or(0), duration_text(arguments, "--max-delay"));
  if (arguments.given("--max-elapsed"))
    of.latency +=
        fmt::format(", none begun after {} (--max-elapsed)", duration_text(arguments, "--max-elapsed"));
  of.clock = Explanation::Clock::wall;
  of.end = "what waits is tried to its end, in real time";
  if (arguments.text("--jitter") != "none" && !settings.seeded)
    of.varies.emplace_back("delays are random without --seed or --jitter none");
}

}  // namespace

extern const Declaration retry_stage;
const Declaration retry_stage = {
    .name = "retry",
    .section = "Prefixes",
    .summary = "try again what may work the next time",
    .description =
        "Repeats the stage or bracket behind it for a record that failed there, after a growing, jittered "
        "delay. "
        "Each try sees the record as it came in; what a try emits is held until the whole try has succeeded. "
        "Tried again are failures of kind exec_exit (but status 65), exec_signal, exec_timeout, exec_spawn, "
        "breaker_open, throttled and full, and exec_output where a worker went away; --if decides instead, "
        "on the dead letter that it would become "
        "(sz help failures), and where that expression fails there is no other try.\n\n"
        "Order is kept: a record that waits keeps its place. So many records are tried at once, those that "
        "wait "
        "for their next try among them, as the stage inside works on at once (--jobs), and the reading waits "
        "meanwhile. A failure that stays is reported as it came last, with the number of attempts; of "
        "several "
        "in one try that of the first stage. Being turned away by a breaker inside is no attempt: the retry "
        "waits at "
        "least until the breaker may try.\n\n"
        "Delays are the wall's, also under --time. What waits at the end of input is tried to its end; after "
        "a signal, for --drain-timeout. A bracket may hold only stages that answer each record by itself.",
    .options = {{.name = "--attempts",
                 .letter = 'n',
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "tries, the first one included",
                 .fallback = "3"},
                {.name = "--delay",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "before the second try",
                 .fallback = "100ms"},
                {.name = "--max-delay",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "but never longer than this",
                 .fallback = "30s"},
                {.name = "--factor",
                 .type = ValueType::text,
                 .metavar = "X",
                 .help = "longer by this each time",
                 .fallback = "2"},
                {.name = "--jitter",
                 .type = ValueType::choice,
                 .metavar = "full|equal|none",
                 .help = "wait anything from 0, or from half, to the delay, or just it",
                 .fallback = "full",
                 .choices = {"full", "equal", "none"}},
                {.name = "--max-elapsed",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "no try begins later than this after the first"},
                {.name = "--budget",
                 .type = ValueType::share,
                 .metavar = "SHARE",
                 .help = "further tries for at most this share of the records, and ten"},
                {.name = "--if",
                 .type = ValueType::expression,
                 .metavar = "EXPR",
                 .help = "try again if this holds for the dead letter"}},
    .traits = {.repeatable = true, .timed = true, .prefix = true},
    .examples =
        {{.title = "try a command up to five times, with a growing pause in between",
          .words = "retry --attempts 5 --delay 1s map --exec 'tr a-z A-Z' --timeout 10s",
          .input = "{\"n\":1}\n{\"n\":2}\n",
          .output = "{\"N\":1}\n{\"N\":2}\n"},
         {.title = "try only what the expression says, whatever failed",
          .words = "retry --attempts 2 --delay 1ms --if '.kind == \"expr\"' [ map .n then filter '. > 1' ]",
          .input = "{\"n\":1}\n{\"n\":2}\n",
          .output = "2\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
