#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "core/quote.h"
#include "core/record.h"
#include "json/document.h"
#include "json/utf8.h"
#include "json/write.h"
#include "run/pipeline.h"

namespace sz::run {
namespace {

constexpr std::size_t most_threads_by_default = 4;

/// --arg NAME V and --argjson NAME JSON, two texts each.
std::expected<void, PlanError> read_named(const Arguments& globals, std::vector<NamedValue>& named) {
  for (const std::string_view option : {"--arg", "--argjson"}) {
    const std::vector<std::string> texts = globals.texts(option);
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
      const std::string& name = texts[i];
      const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
      if (name.empty() || !letter(name[0]) ||
          !std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); }))
        return std::unexpected(globals.error(
            option, fmt::format("{}: \"{}\" is no name of a variable", option, quote(name, 60))));
      NamedValue value{name, {}};
      if (option == "--arg") {
        if (!json::is_utf8(texts[i + 1]))
          return std::unexpected(
              globals.error(option, fmt::format("{} {}: the value is not UTF-8", option, name)));
        json::append_string(value.json, texts[i + 1]);
      } else {
        value.json = trim(texts[i + 1]);
        json::Document document;
        if (const auto parsed = document.parse(value.json); !parsed)
          return std::unexpected(
              globals.error(option, fmt::format("{} {}: \"{}\" is not JSON: {}", option, name,
                                                quote(texts[i + 1], 60), json::phrase(parsed.error().code))));
      }
      named.push_back(std::move(value));
    }
  }
  return {};
}

}  // namespace

// A first stage that brings the input itself.
std::expected<void, PlanError> Options::read_merge(const plan::Invocation& invocation) {
  const plan::Step& first = invocation.pipeline.steps.front();
  if (first.declaration == nullptr || !first.declaration->traits.reads) return {};
  if (!inputs.empty())
    return std::unexpected(first.arguments.error(
        "", fmt::format("{} brings the input: -i and -- do not go with it", first.declaration->name)));
  inputs = first.arguments.texts("FILE...");
  reading = first.arguments.flag("--by-time") ? Reading::by_time : Reading::at_once;
  for (std::size_t i = 0, standard = 0; i < inputs.size(); ++i) {
    if (inputs[i].empty())
      return std::unexpected(first.arguments.error_at("FILE...", i, "an empty word is no input file"));
    if (inputs[i] == "-" && ++standard > 1)
      return std::unexpected(first.arguments.error_at("FILE...", i, "stdin can be read once"));
  }
  return {};
}

std::expected<Options, PlanError> Options::of(const plan::Invocation& invocation) {
  const Arguments& globals = invocation.globals;
  Options options;
  options.settings = {.event_time = globals.given("--time"),
                      .lateness = globals.duration("--lateness").value_or(Duration{}),
                      .max_keys = globals.count("--max-keys").value_or(0),
                      .max_value = globals.count("--max-value").value_or(0),
                      .seed = globals.count("--seed").value_or(0),
                      .seeded = globals.given("--seed"),
                      .max_steps = globals.count("--max-steps").value_or(0),
                      .named = {},
                      .inputs = {},
                      .cores = std::max<std::size_t>(1, std::thread::hardware_concurrency()),
                      .environment = environ,
                      .say = {},
                      .raw_output = globals.flag("--raw-output"),
                      .no_exec = globals.flag("--no-exec")};
  if (auto named = read_named(globals, options.settings.named); !named)
    return std::unexpected(std::move(named.error()));
  if (globals.given("--lateness") && !options.settings.event_time)
    return std::unexpected(
        globals.error("--lateness", "--lateness needs --time EXPR", "without it no record comes late"));
  options.inputs = invocation.inputs;
  if (auto read = options.read_merge(invocation); !read) return std::unexpected(std::move(read.error()));
  if (options.inputs.empty()) options.inputs.emplace_back("-");
  options.settings.inputs = options.inputs;
  options.dlq = globals.text("--dlq");
  const auto sync = globals.text("--dlq-sync");
  options.dlq_sync = sync == "record" ? DlqSync::record : sync == "none" ? DlqSync::none : DlqSync::exit;
  options.exit_zero_on_dlq = globals.flag("--exit-zero-on-dlq");
  for (const std::string_view name : {"--dlq-sync", "--exit-zero-on-dlq"})
    if (globals.given(name) && !options.dlq)
      return std::unexpected(globals.error(name, std::string(name) + " needs --dlq FILE"));
  options.stop_at_first_failure = globals.text("--on-failure") == "stop";
  if (const auto limit = globals.text("--max-failures")) {
    auto parsed = plan::parse_failure_limit(*limit);
    if (!parsed)
      return std::unexpected(
          globals.error("--max-failures", "--max-failures: \"" + *limit + "\" " + parsed.error()));
    options.max_failures = *parsed;
  }
  options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads_by_default);
  if (const auto threads = globals.count("--threads")) options.threads = *threads;
  options.raw_input = globals.flag("--raw-input");
  options.raw_output = globals.flag("--raw-output");
  options.max_line = globals.count("--max-line").value_or(0);
  if (options.max_line == 0 || options.max_line > (std::size_t{2} << 30))
    return std::unexpected(globals.error("--max-line", "--max-line must be 1 byte to 2Gi"));
  options.drain_timeout = globals.duration("--drain-timeout").value_or(Duration{});
  options.max_ahead = globals.duration("--max-ahead");
  options.idle_timeout = globals.duration("--idle-timeout");
  for (const std::string_view name : {"--lateness", "--max-ahead"})
    if (globals.given(name) && !globals.given("--time"))
      return std::unexpected(globals.error(name, std::string(name) + " needs --time EXPR"));
  for (const std::string_view name : {"--max-ahead", "--idle-timeout"})
    if (globals.duration(name) == Duration{})
      return std::unexpected(globals.error(name, std::string(name) + " must be more than 0"));
  if (globals.given("--stats")) options.stats = globals.text("--stats").value_or("text");
  options.events = globals.text("--events");
  options.stats_file = globals.text("--stats-file");
  options.trace = globals.text("--trace");
  options.trace_sample = globals.share("--trace-sample").value_or(0);
  if (globals.given("--trace-sample") && !options.trace)
    return std::unexpected(globals.error("--trace-sample", "--trace-sample needs --trace FILE"));
  options.progress = globals.text("--progress").value_or("auto");
  options.color = globals.text("--color").value_or("auto");
  return options;
}

}  // namespace sz::run
