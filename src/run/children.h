#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/request.h"
#include "core/time.h"
#include "run/child.h"
#include "run/os.h"
#include "run/process_groups.h"

namespace sz::run {

class Job;
class Worker;

/// All work outside: the processes of a run, driven by the thread that owns the pipeline, which waits for
/// wait_for() and deadline() among its other things and then calls pump(). Nothing here waits but end().
class Children {
 public:
  explicit Children(ProcessGroups& groups);
  ~Children();

  void start(RequestId id, Request request, Time now);
  /// Ends the process of a request; a worker goes on and its answer is left out.
  void cancel(RequestId id, Time now);
  /// A command's workers see the end of their input once they have read what was asked.
  void no_more(const Command& command);

  bool none() const { return all_.empty(); }
  /// Appends what poll(2) has to wait for until something is to be done.
  void wait_for(std::vector<pollfd>& into) const { watch_.wait_for(into); }
  Time deadline() const;
  /// Does what can be done without waiting.
  void pump(Time now);
  /// The next answer, in the order in which they came.
  std::optional<std::pair<RequestId, Result>> take();
  bool answers() const { return !answers_.empty(); }

  /// The end of the run: workers without work see the end of their input and may end by themselves, all
  /// others are ended. Waits: at most 2 s until the last gets TERM, as much until KILL, and 1 s more.
  void end(const std::function<Time()>& now);
  /// Workers that printed more than they were asked for while nothing was left to fail for it: their answers
  /// may have been taken for those to other records. A phrase each.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  /// A worker of a command: the process, if there is one, and how the one before went away if no answer said.
  struct Place {
    Worker* worker = nullptr;
    std::string loss;
    RequestId refused = 0;
  };
  void start_worker(RequestId id, const Request& request, Time now);
  bool refuse(Place& place, RequestId id);
  void flush();
  void bury();

  ProcessGroups& groups_;
  Watch watch_;
  Answers answers_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Child>> all_;
  std::map<std::pair<const Command*, std::size_t>, Place> workers_;
  std::vector<std::string> complaints_;
  std::unordered_map<RequestId, Job*> jobs_;
  std::vector<Worker*> asked_;  // since the last flush
  std::vector<std::uint64_t> touched_;
  std::uint64_t last_serial_ = 0;
  bool inherited_kept_ = false;
};

}  // namespace sz::run
