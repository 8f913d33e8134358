#include "stages/command_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "expr/argument.h"

namespace sz {
namespace {

using enum ValueType;

constexpr std::array<std::string_view, 3> ways = {"--exec", "--sh", "--worker"};
constexpr std::array<std::string_view, 6> beside = {"--jobs",    "--unordered",  "--by",
                                                    "--timeout", "--max-output", "--in-flight"};
constexpr std::size_t most_jobs = 10'000, most_in_flight = 100'000;

/// The one way that is given; empty if none is.
std::expected<std::string_view, PlanError> way(const Arguments& arguments) {
  std::string_view one;
  for (const std::string_view name : ways) {
    if (!arguments.given(name)) continue;
    if (!one.empty())
      return std::unexpected(arguments.error(name, fmt::format("{} and {} exclude each other", one, name)));
    one = name;
  }
  return one;
}

PlanError at(const Arguments& arguments, std::string_view name, CommandLine::Fault fault) {
  return arguments.error(name, std::move(fault.message), std::move(fault.hint), fault.offset, fault.length);
}

}  // namespace

std::expected<std::optional<CommandOptions>, PlanError> CommandOptions::read(
    const Arguments& arguments, const Settings& settings, const std::vector<std::string_view>& instead_of) {
  const auto one = way(arguments);
  if (!one) return std::unexpected(one.error());
  if (one->empty()) {
    for (const std::string_view name : beside)
      if (arguments.given(name))
        return std::unexpected(
            arguments.error(name, fmt::format("{} goes with --exec, --sh or --worker", name)));
    if (arguments.given("--allow-dash"))
      return std::unexpected(arguments.error("--allow-dash", "--allow-dash goes with --exec"));
    return std::nullopt;
  }
  if (settings.no_exec)
    return std::unexpected(arguments.error(*one, fmt::format("{}: --no-exec forbids commands", *one)));
  for (const std::string_view name : instead_of)
    if (arguments.given(name)) {
      PlanError error = arguments.error(name, fmt::format("{} and {} exclude each other", *one, name));
      if (!name.starts_with('-') && error.word > arguments.error(*one, {}).word)
        error.hint =
            fmt::format("the command and its arguments in one pair of quotes: {} 'CMD ARG...'", *one);
      return std::unexpected(std::move(error));
    }
  const bool keeps = *one == "--worker";
  if (!keeps && arguments.given("--in-flight"))
    return std::unexpected(arguments.error("--in-flight", "--in-flight goes with --worker"));
  if (*one != "--exec" && arguments.given("--allow-dash"))
    return std::unexpected(arguments.error("--allow-dash", "--allow-dash goes with --exec"));

  const std::string text = *arguments.text(*one);
  auto line = *one == "--sh" ? CommandLine::script(text) : CommandLine::parse(text);
  if (!line) return std::unexpected(at(arguments, *one, std::move(line.error())));
  if (keeps && !line->plain())
    return std::unexpected(
        arguments.error(*one, "a worker is started before there is a record to fill {.path} from"));

  auto by = expr::compile_optional(arguments, "--by", settings);
  if (!by) return std::unexpected(std::move(by.error()));
  std::uint64_t jobs = arguments.count("--jobs").value_or(1);
  if (jobs == 0) jobs = settings.cores;
  if (jobs > most_jobs)
    return std::unexpected(arguments.error("--jobs", fmt::format("--jobs: at most {}", most_jobs)));
  const std::uint64_t in_flight = keeps ? arguments.count("--in-flight").value_or(1) : 1;
  if (in_flight == 0 || in_flight > most_in_flight)
    return std::unexpected(
        arguments.error("--in-flight", fmt::format("--in-flight must be 1 to {}", most_in_flight)));
  const auto timeout = arguments.duration("--timeout");
  if (timeout && timeout->ns <= 0)
    return std::unexpected(arguments.error("--timeout", "--timeout must be longer than nothing"));
  return CommandOptions{.line = std::move(*line),
                        .keeps = keeps,
                        .jobs = static_cast<std::size_t>(jobs),
                        .in_flight = static_cast<std::size_t>(in_flight),
                        .unordered = arguments.flag("--unordered"),
                        .by = std::move(*by),
                        .timeout = timeout,
                        .max_output = static_cast<std::size_t>(arguments.count("--max-output").value_or(0)),
                        .rules = {.allow_dash = arguments.flag("--allow-dash")}};
}

bool CommandOptions::explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool worker = arguments.given("--worker");
  if (!worker && !arguments.given("--exec") && !arguments.given("--sh")) return false;
  const std::uint64_t given = arguments.count("--jobs").value_or(1);
  const std::uint64_t jobs = given == 0 ? settings.cores : given;
  const std::uint64_t each = worker ? arguments.count("--in-flight").value_or(1) : 1;
  of.memory = fmt::format("{} record{} under way (--jobs{}){}", jobs * each, jobs * each == 1 ? "" : "s",
                          worker ? " times --in-flight" : "",
                          arguments.flag("--unordered") || jobs * each == 1
                              ? ""
                              : ", and at most 64 MiB of answers that wait for an older one");
  of.latency = arguments.given("--timeout") ? fmt::format("the command's, at most {} (--timeout)",
                                                          duration_text(arguments, "--timeout"))
                                            : "the command's; no --timeout bounds it";
  of.clock = arguments.given("--timeout") ? Explanation::Clock::wall : Explanation::Clock::none;
  of.end = "what is under way is waited for";
  of.failures = arguments.given("--timeout")
                    ? "arg, exec_exit, exec_signal, exec_timeout, exec_spawn, exec_output"
                    : "arg, exec_exit, exec_signal, exec_spawn, exec_output";
  if (arguments.given("--by")) of.failures += ", expr";
  of.varies.emplace_back("the command's own doing");
  if (arguments.given("--timeout")) of.varies.emplace_back("--timeout depends on how fast the command is");
  if (arguments.flag("--unordered")) {
    of.order = arguments.given("--by") ? "by arrival, kept within a key" : "by arrival";
    of.varies.emplace_back("--unordered lets records leave as answers come");
  } else if (jobs > 1) {
    of.order = "kept: an answer waits for the older ones";
  }
  return true;
}

std::vector<OptionDeclaration> CommandOptions::declare(std::vector<OptionDeclaration> own) {
  const auto add = [&own](std::string_view name, ValueType type, std::string_view metavar,
                          std::string_view fallback, std::string_view help) {
    own.push_back({.name = name, .type = type, .metavar = metavar, .help = help, .fallback = fallback});
  };
  add("--exec", ValueType::text, "CMD", "", "run CMD on each record, without a shell");
  add("--sh", ValueType::text, "SCRIPT", "", "run /bin/sh -c SCRIPT on each record");
  add("--worker", ValueType::text, "CMD", "", "start CMD once: it answers each line with a line");
  add("--jobs", count, "N", "1", "so many processes at once; 0 is one per core");
  add("--unordered", flag, "", "", "let results leave as they come");
  add("--by", expression, "EXPR", "", "records of one key never overtake each other");
  add("--timeout", duration, "D", "", "end a command that takes longer on a record");
  add("--max-output", size, "SIZE", "16Mi", "more output on one record fails as exec_output");
  add("--allow-dash", flag, "", "", "let {.path} begin an argument with a dash");
  add("--in-flight", count, "N", "64", "lines that a worker has at once");
  return own;
}

}  // namespace sz
