#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/stage.h"
#include "run/chain.h"
#include "run/dead_letters.h"
#include "run/failed_records.h"
#include "run/host.h"
#include "run/host_run.h"
#include "run/input.h"
#include "run/output.h"
#include "run/progress.h"
#include "run/sink.h"
#include "run/source.h"

namespace sz::run {

/// How a run ended.
struct Ending {
  int signal = 0;                    ///< the signal that stopped it, or 0
  bool output_closed = false;        ///< nobody read standard output any more
  bool stopped_by_failures = false;  ///< a limit on failures was passed, during the run or at its end
  std::optional<SystemError> error;  ///< reading, writing or accounting failed
};

/// Drives a bound pipeline from its source to the end. The order of the loop is the contract of time: due
/// timers, then what has come back, then the next records, then waiting; and before any waiting all output is
/// written.
class Runner {
 public:
  struct Parts {
    Host& host;
    HostRun& run;
    Source& source;
    Chain& chain;
    Sink& sink;
    Output& output;
    DeadLetters& letters;
    FailedRecords& failed;
    Input& input;
    std::vector<std::string>& input_errors;  ///< inputs that could not be read, as they were said
    Progress* progress = nullptr;            ///< is drawn while it runs
  };
  Runner(const Parts& parts, Duration drain_timeout, std::optional<Duration> idle_timeout)
      : p_(parts), drain_timeout_(drain_timeout), idle_timeout_(idle_timeout) {}

  struct Reports {
    std::function<void()> asked;              ///< when a signal asks for the statistics (SIGUSR1)
    std::function<void()> now_and_then = {};  ///< each 10 s on the wall, if given; not at the end
  };
  Ending run(const Reports& reports);

 private:
  void take_signals();
  void tell_signal(int signal);
  void close_stages();
  bool fire_timer();
  bool ended() const;
  bool holding() const;
  bool buffering() const;  ///< does a buffer hold records, or wait for what stands behind it?
  void send_end();
  void stop_reading();
  void abandon();
  void feed();
  /// Lets a buffer feed what is behind it, if one can.
  bool feed_from_buffers();
  /// Around all feeding: `act` is given how many records at most.
  void in_stride(const std::function<void(std::size_t)>& act);
  void flush();
  void show_progress();
  void flush_others();  ///< all but standard output
  void report_now_and_then();
  Time next_timer() const;
  /// --idle-timeout: has no input come for so long? Then every open group is closed.
  bool close_idle(Source::State state);
  void wait(Source::State state);

  Parts p_;
  std::function<void()> report_;  // empty: none is wanted
  Time report_due_ = never;
  Duration drain_timeout_;
  std::optional<Duration> idle_timeout_;
  Ending ending_;
  bool end_sent_ = false, reading_ = true, abandoned_ = false, report_asked_ = false;
  Time drain_until_ = never;
  bool idle_closed_ = false;  // nothing has happened since every open group was closed
  Time idle_at_ = never;      // while waiting for input under --idle-timeout: when it has been too long
  std::size_t stride_ = 32;
  Time flush_due_ = Time::min();  // side files have no clock of their own
};

}  // namespace sz::run
