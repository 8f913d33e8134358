#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/quantity.h"
#include "stages/windows.h"

namespace sz {
namespace {

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  const auto every = arguments.duration("--every");
  if (every && *every < window::shortest)
    return std::unexpected(arguments.error("--every", "--every must be at least 1us"));
  if (arguments.count("--count") == 0)
    return std::unexpected(arguments.error("--count", "--count must be at least 1"));
  std::vector<std::string_view> taken;
  if (every) taken = {"start", "end"};
  if (arguments.given("--by")) taken.push_back("key");
  auto options = window::read_options(arguments, settings, taken, false);
  if (!options) {
    PlanError& error = options.error();
    constexpr std::string_view size = "--size ";
    if (const std::size_t at = error.hint.find(size); at != std::string::npos)
      error.hint.replace(at, size.size(),
                         parse_count(error.hint.substr(at + size.size())) ? "--count " : "--every ");
    return std::unexpected(std::move(error));
  }
  options->envelope = false;
  options->running = arguments.flag("--running");
  const std::uint64_t count = arguments.count("--count").value_or(0);
  if (!every) return window::make_totals(count, std::move(*options));
  options->max_count = count;
  return window::make_time_windows(*every, *every, Duration{}, std::move(*options));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool every = arguments.given("--every");
  of.failures = every ? "late, type, expr" : "type, expr";
  if (arguments.given("--by")) of.failures += ", full";
  of.memory = "a fixed size for each AGG, but list, mode and top hold values";
  if (arguments.given("--by")) of.memory += "; " + keys_bound(arguments, settings);
  of.order = every ? "by end, then the first record of the key" : "results by the first record of the key";
  of.latency = arguments.flag("--running")  ? ""
               : arguments.given("--count") ? "until --count records came"
                                            : "up to the end of input";
  if (every) {
    of.latency = duration_text(arguments, "--every") + " (--every)";
    if (settings.event_time) of.latency += fmt::format(" and {} (--lateness)", to_string(settings.lateness));
    of.clock = Explanation::Clock::stream;
  }
  of.end = "results of what is open";
}

}  // namespace

extern const Declaration aggregate_stage;
const Declaration aggregate_stage = {
    .name = "aggregate",
    .section = "Grouping",
    .summary = "reduce records to counts, sums, averages, percentiles",
    .description =
        "An AGG is NAME=FN:EXPR, NAME=FN(EXPR), or FN alone for the record itself: n=count bytes=sum:.bytes "
        "p99=p99:.ms. `sz help aggregates` tells of each FN. null and missing values are skipped, values of "
        "a type that FN cannot use fail the record as type, and nothing of it counts. Without a value count "
        "and distinct are 0, others null.\n\n"
        "One result comes at the end of input; with --by one for each key, in the order in which the keys "
        "came. --every D makes one for each span of D of the stream's time, aligned to the epoch in UTC, "
        "start included, end left out; it comes when the clock reaches its end plus --lateness, and a record "
        "that comes after that fails as late. --count N makes one for each N records of a key. "
        "With both the first to be reached counts. --running passes a result on after each record.\n\n"
        "Records are settled as merged when they are taken in. Memory: a fixed size for each key and AGG, "
        "but "
        "list, mode and top hold each (different) value. A record whose key would be one more than "
        "--max-keys "
        "fails as full.",
    .positionals = {{.name = "AGG...", .type = ValueType::text, .help = "what to compute: NAME=FN:EXPR"}},
    .options =
        {{.name = "--by",
          .type = ValueType::expression,
          .metavar = "EXPR",
          .help = "a result for each key; a missing one is null"},
         {.name = "--every",
          .type = ValueType::duration,
          .metavar = "D",
          .help = "a result for each span of so long"},
         {.name = "--count", .type = ValueType::count, .metavar = "N", .help = "a result for each N records"},
         {.name = "--running", .help = "a result after each record"},
         {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "so many open keys; 0 is no limit"}},
    .traits = {.merges = true, .timed = true},
    .examples =
        {{.title = "how many, how much and how slow, by service",
          .words = "aggregate n=count bytes=sum:.bytes p90=p90:.ms --by .service",
          .input =
              "{\"service\":\"api\",\"ms\":12,\"bytes\":100}\n{\"service\":\"web\",\"ms\":7,\"bytes\":50}\n"
              "{\"service\":\"api\",\"ms\":30,\"bytes\":250}\n",
          .output = "{\"key\":\"api\",\"n\":2,\"bytes\":350,\"p90\":30}\n"
                    "{\"key\":\"web\",\"n\":1,\"bytes\":50,\"p90\":7}\n"},
         {.title = "of plain numbers",
          .words = "aggregate count sum avg min max",
          .input = "1\n2.50\n4\n",
          .output = "{\"count\":3,\"sum\":7.5,\"avg\":2.5,\"min\":1,\"max\":4}\n"},
         {.title = "every minute of a log's own time",
          .words = "--time .ts aggregate n=count errors='count:select(.level==\"error\")' --every 1m",
          .input = "{\"ts\":\"2026-03-01T00:00:05Z\",\"level\":\"info\"}\n"
                   "{\"ts\":\"2026-03-01T00:00:59Z\",\"level\":\"error\"}\n"
                   "{\"ts\":\"2026-03-01T00:01:00Z\",\"level\":\"info\"}\n",
          .output =
              "{\"start\":\"2026-03-01T00:00:00Z\",\"end\":\"2026-03-01T00:01:00Z\",\"n\":2,\"errors\":1}\n"
              "{\"start\":\"2026-03-01T00:01:00Z\",\"end\":\"2026-03-01T00:02:00Z\",\"n\":1,\"errors\":0}\n"},
         {.title = "a running total",
          .words = "aggregate total=sum:.paid --running",
          .input = "{\"paid\":3}\n{\"paid\":4}\n",
          .output = "{\"total\":3}\n{\"total\":7}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
