#include "run/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
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

void print_statistics(const Options& options, const Statistics& statistics, const StderrSink& say) {
  if (options.stats) say(*options.stats == "json" ? statistics.json() : statistics.text());
}

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

  // Before the host takes the signals: opening a FIFO waits for its reader.
  const InputFiles inputs(options->inputs);
  auto letters = options->dlq
                     ? open_dead_letter_file(*options->dlq, options->dlq_sync, make_run_id(), &inputs)
                     : dead_letters_on_stderr();
  if (!letters) return refused(letters.error());
  std::optional<StatsFile> stats_file;
  if (options->stats_file) {
    auto made = StatsFile::make(*options->stats_file, inputs);
    if (!made) return refused(made.error());
    stats_file.emplace(std::move(*made));
  }
  auto host = AsioHost::make(options->inputs);
  if (!host) return refused(host.error());
  if (const auto opened = pipeline->open(**host); !opened) return refused(opened.error());

  const StderrSink say = standard_error_sink();
  if (std::ranges::count(options->inputs, "-") != 0 && ::isatty(STDIN_FILENO) == 1)
    complain("reading records from the terminal, one a line; Ctrl-D ends the input");
  const Pipeline::Report report = pipeline->run(**host, **letters, say);
  bool faulty = (*letters)->broken() || !report.input_errors.empty();
  (*letters)->close();
  faulty |= (*letters)->broken();
  for (const std::string& error : report.input_errors) complain(error);
  if (report.ending.error) {
    complain(report.ending.error->message);
    faulty = true;
  }
  const bool closed_is_error = report.ending.output_closed && (*host)->sigpipe_was_ignored();
  if (closed_is_error) complain("standard output was closed");
  if (const auto error = (*host)->close(); error && !report.ending.output_closed) {
    complain(error->message);
    faulty = true;
  }
  if (!faulty && !report.ending.output_closed && !report.statistics.balanced(true)) {
    complain("internal fault: the ledger does not balance");
    say(report.statistics.text());
    faulty = true;
  }
  print_statistics(*options, report.statistics, say);
  if (stats_file) {
    if (const auto error = stats_file->replace(report.statistics.prometheus())) {
      complain(error->message);
      faulty = true;
    }
  }
  return judge(*options, report, faulty || closed_is_error);
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
