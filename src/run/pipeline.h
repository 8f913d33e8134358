#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/plan_error.h"
#include "core/settings.h"
#include "core/time.h"
#include "plan/failure_limit.h"
#include "plan/tree.h"
#include "run/dead_letters.h"
#include "run/events.h"
#include "run/host.h"
#include "run/progress.h"
#include "run/runner.h"
#include "run/statistics.h"
#include "run/trace_file.h"

namespace sz::run {

/// The globals of a run, checked.
struct Options {
  Settings settings;                ///< `say` is left to who runs it
  std::vector<std::string> inputs;  ///< at least one; "-" is stdin
  enum class Reading : std::uint8_t {
    one_by_one,
    at_once,  ///< merge
    by_time,  ///< merge --by-time
  };
  Reading reading = Reading::one_by_one;
  std::optional<std::string> dlq;
  DlqSync dlq_sync = DlqSync::exit;
  bool exit_zero_on_dlq = false;
  bool stop_at_first_failure = false;
  std::optional<plan::FailureLimit> max_failures;
  std::size_t threads = 1;
  bool raw_input = false, raw_output = false;
  std::size_t max_line = 0;
  Duration drain_timeout;
  std::optional<Duration> max_ahead, idle_timeout;
  std::optional<std::string> stats;  ///< text or json
  std::optional<std::string> stats_file;
  std::optional<std::string> events;
  std::optional<std::string> trace;
  double trace_sample = 0;
  std::string progress = "auto", color = "auto";

  static std::expected<Options, PlanError> of(const plan::Invocation& invocation);

 private:
  std::expected<void, PlanError> read_merge(const plan::Invocation& invocation);
};

/// Who else watches a run.
struct Watchers {
  Progress* progress = nullptr;  ///< --progress
  TraceFile* trace = nullptr;    ///< --trace
  /// --stats-file: takes the statistics each 10 s and when a signal asks for them; not those of the end.
  std::function<void(const Statistics&)> statistics = {};
};

/// A pipeline that is built, bound and ready to run on a host: the program without its process. Stages, the
/// ledger and the pool live in it.
class Pipeline {
 public:
  /// Everything about the command line that can be wrong is found here, before any input is opened.
  static std::expected<Pipeline, PlanError> build(const plan::Invocation& invocation, const Options& options);
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;
  ~Pipeline();

  /// Opens what stages write beside stdout.
  std::expected<void, SystemError> open(SideFiles& files);
  struct Report {
    Ending ending;
    Statistics statistics;
    std::uint64_t failed = 0;               ///< failed records
    std::vector<std::string> input_errors;  ///< inputs that could not be read
  };
  /// Runs to the end. `say` takes lines for stderr: notices as they come, and the statistics that a signal
  /// asks for. `events` takes what happens to the pipeline itself, if somebody listens.
  Report run(Host& host, DeadLetters& letters, const StderrSink& say, Events* events = nullptr,
             const Watchers& watchers = {});

 private:
  class Impl;
  explicit Pipeline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sz::run
