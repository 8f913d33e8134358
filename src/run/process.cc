#include "run/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include <unistd.h>

#include "core/quote.h"
#include "plan/report.h"
#include "run/asio_host.h"
#include "run/pipeline.h"
#include "run/stats_file.h"

namespace sz::run {
namespace {

constexpr std::size_t longest_message = 2000;

Exit usage(const PlanError& error, plan::Words words) {
  standard_error_sink()(plan::report(error, words));
  return {.status = exit_usage};
}

/// A file that cannot be opened before any input is read: the command line is wrong.
Exit refused(const SystemError& error) {
  complain(error.message);
  return {.status = exit_usage};
}

Exit broken(const SystemError& error) {
  complain(error.message);
  return {.status = exit_system};
}

/// What a run uses of the system beside its input.
struct Outside {
  std::unique_ptr<DeadLetters> letters;
  std::unique_ptr<Events> events;  ///< empty without --events
  std::optional<StatsFile> stats_file;
  std::unique_ptr<AsioHost> host;

  /// Before any input is read. The host comes last: from then on signals wait for the runner, and opening a
  /// FIFO waits for its reader.
  static std::expected<Outside, SystemError> open(const Options& options) {
    Outside outside;
    const InputFiles inputs(options.inputs);
    const std::string run_id = make_run_id();
    auto letters = options.dlq ? open_dead_letter_file(*options.dlq, options.dlq_sync, run_id, &inputs)
                               : dead_letters_on_stderr();
    if (!letters) return std::unexpected(std::move(letters.error()));
    outside.letters = std::move(*letters);
    if (options.events) {
      auto events = open_event_file(*options.events, run_id, inputs);
      if (!events) return std::unexpected(std::move(events.error()));
      outside.events = std::move(*events);
    }
    if (options.stats_file) {
      auto file = StatsFile::make(*options.stats_file, inputs);
      if (!file) return std::unexpected(std::move(file.error()));
      outside.stats_file.emplace(std::move(*file));
    }
    auto host = AsioHost::make(options.inputs);
    if (!host) return std::unexpected(std::move(host.error()));
    outside.host = std::move(*host);
    return outside;
  }

  /// Brings everything out and says what went wrong, also in the run itself. True if anything did.
  bool close(const Pipeline::Report& report) {
    letters->close();
    bool faulty = letters->broken() || !report.input_errors.empty();
    const auto fault = [&faulty](const std::optional<SystemError>& error) {
      if (!error) return;
      complain(error->message);
      faulty = true;
    };
    fault(report.ending.error);
    if (events) fault(events->close());
    const bool reader_gone = report.ending.output_closed;
    if (reader_gone && host->sigpipe_was_ignored()) fault(SystemError{"standard output was closed"});
    const auto unclosed = host->close();
    if (!reader_gone) fault(unclosed);
    if (stats_file) fault(stats_file->replace(report.statistics.prometheus()));
    return faulty;
  }
};

/// What a run that ended comes to, in the order of weight: a fault of the system, a signal, failed records.
Exit judge(const Options& options, const Pipeline::Report& report, bool faulty) {
  if (faulty) return {.status = exit_system};
  if (report.ending.signal != 0)
    return {.status = 128 + report.ending.signal, .signal = report.ending.signal};
  if (report.ending.output_closed) return {.status = 128 + SIGPIPE, .signal = SIGPIPE};
  const bool excused = options.exit_zero_on_dlq && !report.ending.stopped_by_failures;
  if (report.failed != 0 && !excused) return {.status = exit_failures};
  return {.status = exit_ok};
}

}  // namespace

void complain(std::string_view message) {
  standard_error_sink()("sz: " + quote(message, longest_message) + '\n');
}

Exit run_pipeline(const plan::Invocation& invocation, plan::Words words) {
  const auto options = Options::of(invocation);
  if (!options) return usage(options.error(), words);
  auto pipeline = Pipeline::build(invocation, *options);
  if (!pipeline) return usage(pipeline.error(), words);
  auto outside = Outside::open(*options);
  if (!outside) return refused(outside.error());
  if (const auto opened = pipeline->open(*outside->host); !opened) return refused(opened.error());

  if (std::ranges::count(options->inputs, "-") != 0 && ::isatty(STDIN_FILENO) == 1)
    complain("reading records from the terminal, one a line; Ctrl-D ends the input");
  const StderrSink say = standard_error_sink();
  const Pipeline::Report report =
      pipeline->run(*outside->host, *outside->letters, say, outside->events.get());
  bool faulty = outside->close(report);
  if (!faulty && !report.ending.output_closed && !report.statistics.balanced(true)) {
    complain("internal fault: the ledger does not balance");
    say(report.statistics.text());
    faulty = true;
  }
  if (options->stats) say(*options->stats == "json" ? report.statistics.json() : report.statistics.text());
  return judge(*options, report, faulty);
}

Exit print_page(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return broken({std::string("cannot write standard output: ") + std::strerror(errno)});
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return close_output(exit_ok);
}

Exit close_output(int status) {
  if (::close(STDOUT_FILENO) != 0)
    return broken({std::string("cannot write standard output: ") + std::strerror(errno)});
  return {.status = status};
}

}  // namespace sz::run
