#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/nearest.h"
#include "core/quote.h"
#include "core/value_hint.h"
#include "stages/windows.h"

namespace sz {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"tumbling", "sliding", "session", "count"};
/// What others call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds_elsewhere = {
    {{"hopping", "sliding"}, {"hop", "sliding"}, {"rolling", "sliding"}, {"fixed", "tumbling"}}};
constexpr std::uint64_t most_overlap = 100'000;  // windows that a record may lie in

/// Which options go with which kind of window.
struct Use {
  std::string_view option;
  std::string_view kinds;  ///< parted by blanks
};
constexpr std::array<Use, 8> uses = {{{"--size", "tumbling, sliding and count"},
                                      {"--offset", "tumbling"},
                                      {"--slide", "sliding and count"},
                                      {"--gap", "session"},
                                      {"--max", "session"},
                                      {"--late", "tumbling, sliding and session"},
                                      {"--fill-empty", "tumbling and sliding"},
                                      {"--max-count", "tumbling and session"}}};

using Built = std::expected<std::unique_ptr<Stage>, PlanError>;

std::expected<void, PlanError> check_use(const Arguments& arguments, std::string_view kind) {
  for (const Use& use : uses)
    if (arguments.given(use.option) && use.kinds.find(kind) == std::string_view::npos)
      return std::unexpected(
          arguments.error(use.option, fmt::format("{} does not go with {} windows", use.option, kind),
                          use.option == "--size" ? "a session has --gap D instead"
                                                 : fmt::format("only {} windows have it", use.kinds)));
  return {};
}

/// A duration or a number of records that must be there.
template <class Value>
std::expected<Value, PlanError> need(const Arguments& arguments, std::string_view kind,
                                     std::string_view option,
                                     std::expected<Value, std::string> (*parse)(std::string_view),
                                     Value least, std::string_view least_text, std::string_view example) {
  const auto text = arguments.text(option);
  if (!text)
    return std::unexpected(arguments.error("", fmt::format("window {} needs {}", kind, option),
                                           fmt::format("for example: {}", example)));
  auto value = parse(*text);
  if (!value)
    return std::unexpected(arguments.error(
        option, fmt::format("{} \"{}\" {}", option, quote(*text, 60), value.error()),
        value_hint(std::is_same_v<Value, Duration> ? ValueType::duration : ValueType::count, *text), 0,
        text->size()));
  if (*value < least)
    return std::unexpected(arguments.error(option, fmt::format("{} must be at least {}", option, least_text),
                                           fmt::format("for example: {}", example)));
  return *value;
}

std::expected<Duration, PlanError> need_duration(const Arguments& arguments, std::string_view kind,
                                                 std::string_view option, std::string_view example) {
  return need<Duration>(arguments, kind, option, parse_duration, window::shortest, "1us", example);
}

PlanError overlap_error(const Arguments& arguments, std::uint64_t size, std::uint64_t slide) {
  if (slide > size)
    return arguments.error("--slide", "--slide is more than --size",
                           "records between two windows would be in none");
  return arguments.error("--slide", fmt::format("--size is more than {} times --slide", most_overlap));
}
bool overlap_fits(std::uint64_t size, std::uint64_t slide) {
  return slide <= size && size / slide <= most_overlap;
}

Built build_time(const Arguments& arguments, std::string_view kind, window::Options options) {
  const auto size = need_duration(arguments, kind, "--size", "--size 1m");
  if (!size) return std::unexpected(size.error());
  if (kind == "tumbling")
    return window::make_time_windows(*size, *size, arguments.duration("--offset").value_or(Duration{}),
                                     std::move(options));
  const auto slide = need_duration(arguments, kind, "--slide", "--size 5m --slide 1m");
  if (!slide) return std::unexpected(slide.error());
  const auto wide = static_cast<std::uint64_t>(size->ns), step = static_cast<std::uint64_t>(slide->ns);
  if (!overlap_fits(wide, step)) return std::unexpected(overlap_error(arguments, wide, step));
  return window::make_time_windows(*size, *slide, Duration{}, std::move(options));
}

Built build_session(const Arguments& arguments, std::string_view kind, window::Options options) {
  const auto gap = need_duration(arguments, kind, "--gap", "--gap 30m");
  if (!gap) return std::unexpected(gap.error());
  const auto most = arguments.duration("--max");
  if (most && *most < window::shortest)
    return std::unexpected(arguments.error("--max", "--max must be at least 1us"));
  return window::make_session_windows(*gap, most, std::move(options));
}

Built build_count(const Arguments& arguments, std::string_view kind, window::Options options) {
  const auto size = need<std::uint64_t>(arguments, kind, "--size", parse_count, 1, "1", "--size 100");
  if (!size) return std::unexpected(size.error());
  std::uint64_t slide = *size;
  if (arguments.given("--slide")) {
    const auto given = need<std::uint64_t>(arguments, kind, "--slide", parse_count, 1, "1", "--slide 10");
    if (!given) return std::unexpected(given.error());
    slide = *given;
  }
  if (!overlap_fits(*size, slide)) return std::unexpected(overlap_error(arguments, *size, slide));
  return window::make_count_windows(*size, slide, std::move(options));
}

Built build(const Arguments& arguments, const Settings& settings) {
  const std::string kind = arguments.text("KIND").value_or("");
  if (std::ranges::find(kinds, kind) == kinds.end()) {
    std::string hint = did_you_mean(kind, kinds);
    for (const auto& [elsewhere, here] : kinds_elsewhere)
      if (kind == elsewhere) hint = fmt::format("did you mean \"{}\"?", here);
    if (hint.empty()) hint = "for example: sz window tumbling --size 1m n=count";
    return std::unexpected(arguments.error(
        "KIND", fmt::format("\"{}\" is none of tumbling, sliding, session, count", quote(kind, 40)),
        std::move(hint)));
  }
  if (auto used = check_use(arguments, kind); !used) return std::unexpected(std::move(used.error()));
  static constexpr std::array<std::string_view, 5> taken = {"start", "end", "key", "count", "closed_by"};
  auto options =
      window::read_options(arguments, settings, taken, kind == "session" || arguments.given("--slide"));
  if (!options) {
    PlanError& error = options.error();
    constexpr std::string_view size = "--size ";
    if (const std::size_t at = error.hint.find(size); kind == "session" && at != std::string::npos)
      error.hint.replace(at, size.size(), "--gap ");
    return std::unexpected(std::move(error));
  }
  options->records = !arguments.given("AGG...");
  if (kind == "session") return build_session(arguments, kind, std::move(*options));
  if (kind == "count") return build_count(arguments, kind, std::move(*options));
  return build_time(arguments, kind, std::move(*options));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const std::string kind = arguments.text("KIND").value_or("");
  const bool carries = !arguments.given("AGG..."), count = kind == "count";
  of.failures = count ? "" : "late";
  if (arguments.text("--late") != "fail") of.failures.clear();
  if (!carries) of.failures += of.failures.empty() ? "type, expr" : ", type, expr";
  if (arguments.given("--by"))
    of.failures += of.failures.empty() ? "expr, full" : carries ? ", expr, full" : ", full";
  of.order = "by end, start, and the first record of the key";
  of.memory =
      carries ? "the records of open windows, with no other bound" : "a fixed size for each window and AGG";
  if (carries && arguments.given("--max-count"))
    of.memory = fmt::format("{} records in each open window (--max-count)", *arguments.count("--max-count"));
  if (carries && count) of.memory = "the records of open windows (--size)";
  if (arguments.given("--by")) of.memory += "; " + keys_bound(arguments, settings);
  of.end = "all windows close";
  if (count) {
    of.latency = "until the window is full (--size)";
    return;
  }
  of.clock = Explanation::Clock::stream;
  of.latency = kind == "session"
                   ? fmt::format("until {} without a record", arguments.text("--gap").value_or(""))
                   : fmt::format("up to {} (--size)", arguments.text("--size").value_or(""));
  if (settings.event_time) of.latency += fmt::format(" and {} (--lateness)", to_string(settings.lateness));
}

}  // namespace

extern const Declaration window_stage;
const Declaration window_stage = {
    .name = "window",
    .section = "Grouping",
    .summary = "collect or aggregate records by windows of time or number",
    .description =
        "tumbling: one window after the other, --size long, aligned to the epoch in UTC plus --offset. "
        "sliding: --size long, "
        "one begins every --slide. session: lasts until no record came for more than --gap, or until --max "
        "after its "
        "first record. count: --size records of a key; with --slide one begins every so many records. A "
        "window has "
        "its start and lacks its end, but records exactly --gap apart are in one session.\n\n"
        "It emits {start,end,key,count,closed_by,records}, or with AGGs (see `sz help aggregates`) their "
        "results in the "
        "place of records; key only with --by. start and end of a count window are the times of its earliest "
        "and "
        "latest record. closed_by says why: time, gap, max, count, end, idle or late. Windows come out in "
        "order of "
        "end, start, and the first record of the key; a key counts as new again once all its windows have "
        "closed.\n\n"
        "A window closes when the stream's clock reaches its end plus --lateness; without --time that is the "
        "time of arrival. "
        "A record is late if every window that it belongs to is closed: --late says whether it fails as "
        "late, is "
        "dropped, or comes out as a window of its own. A late record can join two sessions; where those have "
        "more than --max-count records together, the earlier is cut. --fill-empty "
        "makes windows without records too: for each key from its first window on, as the clock passes them, "
        "whether it returns or not, at most 100000 in a row; but at the end of input none behind its last "
        "record.\n\n"
        "With AGGs records are settled as merged when they are taken in, and memory is a fixed size for each "
        "key and --slide; "
        "without, records are held until their last window has left, and one that fails later fails every "
        "line in it. A record whose key would be one more than --max-keys fails as full. At the end of input "
        "all windows close.",
    .positionals = {{.name = "KIND", .type = ValueType::text, .help = "tumbling, sliding, session or count"},
                    {.name = "AGG...",
                     .type = ValueType::text,
                     .help = "what to compute instead of carrying records: NAME=FN:EXPR",
                     .required = false}},
    .options = {{.name = "--size",
                 .type = ValueType::text,
                 .metavar = "D|N",
                 .help = "how long a window is, or how many records"},
                {.name = "--slide",
                 .type = ValueType::text,
                 .metavar = "D|N",
                 .help = "a window begins every so long, or so many records"},
                {.name = "--offset",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "windows begin so long after the epoch's own"},
                {.name = "--gap",
                 .type = ValueType::text,
                 .metavar = "D",
                 .help = "a session ends when no record came for longer"},
                {.name = "--max",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "a session lasts at most so long"},
                {.name = "--by",
                 .type = ValueType::expression,
                 .metavar = "EXPR",
                 .help = "windows for each key; a missing one is null"},
                {.name = "--late",
                 .type = ValueType::choice,
                 .metavar = "fail|drop|emit",
                 .help = "what to do with a record whose windows are closed",
                 .fallback = "fail",
                 .choices = {"fail", "drop", "emit"}},
                {.name = "--fill-empty",
                 .help = "windows without records too, from the first one of a key on"},
                {.name = "--max-count",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "cut a window at so many records"},
                {.name = "--max-keys",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "so many open keys; 0 is no limit"}},
    .traits = {.merges = true, .timed = true},
    .examples =
        {{.title = "requests and the slowest of them, each minute",
          .words = "--time .ts window tumbling --size 1m slowest=max:.ms",
          .input = "{\"ts\":\"2026-03-01T00:00:05Z\",\"ms\":12}\n{\"ts\":\"2026-03-01T00:00:59Z\",\"ms\":7}\n"
                   "{\"ts\":\"2026-03-01T00:01:00Z\",\"ms\":30}\n",
          .output = "{\"start\":\"2026-03-01T00:00:00Z\",\"end\":\"2026-03-01T00:01:00Z\",\"count\":2,"
                    "\"closed_by\":\"time\","
                    "\"slowest\":12}\n"
                    "{\"start\":\"2026-03-01T00:01:00Z\",\"end\":\"2026-03-01T00:02:00Z\",\"count\":1,"
                    "\"closed_by\":\"end\","
                    "\"slowest\":30}\n"},
         {.title = "the clicks of each visit",
          .words = "--time .t window session --gap 30m --by .user then map '[.key, (.records | map(.page))]'",
          .input =
              "{\"t\":0,\"user\":\"ann\",\"page\":\"/\"}\n{\"t\":60,\"user\":\"bob\",\"page\":\"/a\"}\n"
              "{\"t\":1800,\"user\":\"ann\",\"page\":\"/b\"}\n{\"t\":9000,\"user\":\"ann\",\"page\":\"/\"}\n",
          .output = "[\"bob\",[\"/a\"]]\n[\"ann\",[\"/\",\"/b\"]]\n[\"ann\",[\"/\"]]\n"},
         {.title = "the average of the last ten seconds, every five",
          .words = "--time .t window sliding --size 10s --slide 5s avg=avg:.v then map '[.end, .avg]'",
          .input = "{\"t\":1,\"v\":2}\n{\"t\":6,\"v\":4}\n",
          .output =
              "[\"1970-01-01T00:00:05Z\",2]\n[\"1970-01-01T00:00:10Z\",3]\n[\"1970-01-01T00:00:15Z\",4]\n"},
         {.title = "the sum of each three records",
          .words = "--time .t window count --size 3 sum=sum:.v then map '[.count, .sum]'",
          .input = "{\"t\":1,\"v\":1}\n{\"t\":2,\"v\":2}\n{\"t\":3,\"v\":3}\n{\"t\":4,\"v\":4}\n",
          .output = "[3,6]\n[1,4]\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
