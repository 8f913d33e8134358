#include "run/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include <unistd.h>

#include "core/quote.h"
#include "plan/report.h"
#include "run/asio_host.h"
#include "run/drain.h"
#include "run/paint.h"
#include "run/pipeline.h"
#include "run/progress.h"
#include "run/standard_error.h"
#include "run/stats_file.h"
#include "run/trace_file.h"
#include "run/used_files.h"

namespace sz::run {
namespace {

constexpr std::size_t longest_message = 2000;

std::string diagnostic(std::string_view message) { return "sz: " + quote(message, longest_message) + '\n'; }

Exit usage(const PlanError& error, plan::Words words) {
  say_report(plan::report(error, words), words);
  return {.status = exit_usage};
}

/// A file that cannot be opened, or a program that cannot be run, before any input is read: the command line
/// is wrong.
Exit refused(const SystemError& error) {
  complain(error.message);
  return {.status = error.status != 0 ? error.status : exit_usage};
}

Exit broken(const SystemError& error) {
  complain(error.message);
  return {.status = exit_system};
}

/// With `auto` where somebody looks at stderr, records do not go to the same screen, and nothing else is
/// meant to stand there.
bool wants_progress(const Options& options) {
  if (options.progress != "auto") return options.progress == "always";
  const char* const term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) != 1 && term != nullptr && *term != '\0' &&
         std::string_view(term) != "dumb" && options.dlq != "-" && options.events != "-";
}

/// What a run uses of the system beside its input.
class Outside {
 public:
  explicit Outside(const Options& options)
      : drain_(options.drain_timeout),
        used_(options.inputs),
        colored_(colored(STDERR_FILENO, options.color)) {}

  /// Before any input is read. The host comes last: from then on signals wait for the runner, and opening a
  /// FIFO waits for its reader.
  std::expected<void, SystemError> open(const Options& options, Pipeline& pipeline) {
    if (auto same = used_.claim(STDOUT_FILENO, "standard output")) return std::unexpected(*std::move(same));
    used_.claim_standard_error(STDERR_FILENO);
    const std::string run_id = make_run_id();
    auto letters = options.dlq
                       ? open_dead_letter_file(*options.dlq, options.dlq_sync, run_id, used_, drain_, say())
                       : dead_letters_on_stderr(report_failures());
    if (!letters) return std::unexpected(std::move(letters.error()));
    letters_ = std::move(*letters);
    if (options.events) {
      auto events = open_event_file(*options.events, run_id, used_, drain_);
      if (!events) return std::unexpected(std::move(events.error()));
      events_ = std::move(*events);
    }
    if (options.trace) {
      auto trace = TraceFile::open(*options.trace, used_);
      if (!trace) return std::unexpected(std::move(trace.error()));
      trace_.emplace(std::move(*trace));
    }
    if (auto opened = pipeline.open(side_files_); !opened) return opened;
    if (options.stats_file) {
      auto file = StatsFile::make(*options.stats_file, used_);
      if (!file) return std::unexpected(std::move(file.error()));
      stats_file_.emplace(std::move(*file));
    }
    host_.emplace(side_files_, drain_);
    if (wants_progress(options)) progress_.emplace(STDERR_FILENO, host_->now(), total_size(options.inputs));
    return {};
  }

  Host& host() { return *host_; }
  DeadLetters& letters() { return *letters_; }
  Events* events() { return events_.get(); }
  Watchers watchers() {
    Watchers all{.progress = progress_ ? &*progress_ : nullptr, .trace = trace_ ? &*trace_ : nullptr};
    if (stats_file_) all.statistics = [this](const Statistics& now) { rewrite_stats_file(now); };
    return all;
  }

  /// Takes lines for stderr, waiting for its reader as long as the drain lets it. Faults are ignored, since
  /// nobody is left to tell.
  StderrSink say() {
    return [this](std::string_view line) {
      erase_progress();
      error_.say(painted(line));
    };
  }
  /// Takes lines that were asked for, from any thread: close() tells if they could not be written.
  StderrSink print_lines() {
    return [this](std::string_view line) {
      erase_progress();
      error_.print(line);
    };
  }
  void complain(std::string_view message) { say()(diagnostic(message)); }
  /// The statistics that --stats asks for: not to be able to print them is a fault.
  bool print(std::string_view text) { return error_.say(text) == 0; }
  void erase_progress() {
    if (progress_) progress_->erase();
  }

  /// Brings everything out and says what went wrong, also in the run itself. True if anything did.
  bool close(const Pipeline::Report& report) {
    erase_progress();
    letters_->close();
    bool faulty = letters_->broken() || !report.input_errors.empty();
    const auto fault = [&](const std::optional<SystemError>& error) {
      if (!error) return;
      complain(error->message);
      faulty = true;
    };
    fault(report.ending.error);
    if (events_) fault(events_->close());
    fault(error_.take_fault());
    if (trace_) fault(trace_->close());
    const bool reader_gone = report.ending.output_closed;
    if (reader_gone && host_->sigpipe_was_ignored()) fault(SystemError{"standard output was closed"});
    const auto unclosed = host_->close();
    for (const std::string& complaint : host_->complaints()) fault(SystemError{complaint});
    if (!reader_gone) fault(unclosed);
    if (stats_file_) fault(stats_file_->replace(report.statistics.prometheus()));
    return faulty;
  }

 private:
  /// A disk that is full for a while is no reason to end the run: it is said once, and the next time may
  /// succeed. Whether the run is faulty is decided at its end.
  void rewrite_stats_file(const Statistics& now) {
    const auto error = stats_file_->replace(now.prometheus());
    if (error && !stats_file_failing_) complain(error->message);
    stats_file_failing_ = error.has_value();
  }
  /// Takes the lines that stand for dead letters: close() tells if stderr could not take them.
  StderrSink report_failures() {
    return [this](std::string_view line) {
      erase_progress();
      error_.report(painted(line));
    };
  }
  std::string painted(std::string_view line) const {
    return colored_ ? paint_diagnostic(line) : std::string(line);
  }

  Drain drain_;
  UsedFiles used_;
  StandardError error_{drain_, STDERR_FILENO};
  bool colored_;
  std::optional<Progress> progress_;
  FileSet side_files_{used_, drain_, STDERR_FILENO, [this] { erase_progress(); }};
  std::unique_ptr<DeadLetters> letters_;
  std::unique_ptr<Events> events_;  // empty without --events
  std::optional<StatsFile> stats_file_;
  bool stats_file_failing_ = false;
  std::optional<TraceFile> trace_;
  std::optional<AsioHost> host_;
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

void say_report(std::string_view report, plan::Words words) {
  const bool painted = colored(STDERR_FILENO, color_wish(words));
  standard_error_sink()(painted ? paint_diagnostic(report) : std::string(report));
}

void complain(std::string_view message) { standard_error_sink()(diagnostic(message)); }

Exit run_pipeline(const plan::Invocation& invocation, plan::Words words) {
  auto options = Options::of(invocation);
  if (!options) return usage(invocation.located(options.error()), words);
  Outside outside(*options);
  options->settings.say = outside.print_lines();  // lanes of the pool say things too
  auto pipeline = Pipeline::build(invocation, *options);
  if (!pipeline) return usage(invocation.located(std::move(pipeline.error())), words);
  if (const auto opened = outside.open(*options, *pipeline); !opened) return refused(opened.error());

  if (std::ranges::count(options->inputs, "-") != 0 && ::isatty(STDIN_FILENO) == 1)
    outside.complain("reading records from the terminal, one a line; Ctrl-D ends the input");
  const Pipeline::Report report =
      pipeline->run(outside.host(), outside.letters(), outside.say(), outside.events(), outside.watchers());
  bool faulty = outside.close(report);
  if (!faulty && !report.ending.output_closed && !report.statistics.balanced(true)) {
    outside.complain("internal fault: the ledger does not balance");
    outside.print(report.statistics.text());
    faulty = true;
  }
  if (options->stats)
    faulty |= !outside.print(*options->stats == "json" ? report.statistics.json() : report.statistics.text());
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
