#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "run/failed_records.h"
#include "run/host_run.h"
#include "run/lane.h"
#include "run/line_source.h"
#include "run/sink.h"
#include "run/source.h"

namespace sz::run {

/// The ordered pool for the leading stateless stages: blocks go to workers, each in a lane with its own
/// copy of the stages, and their results are fed to the rest of the pipeline in sequence, on the caller's
/// thread. A small block that finds the pool idle is handled on the caller's thread at once: then the input
/// is the slow part. Back-pressure is not reading: there are no more lanes than `lanes` says.
class Pool final : public Source {
 public:
  struct Parts {
    HostRun& run;
    Input& input;
    FailedRecords& failed;
    Sink& sink;
    StreamClock clock;  ///< the stream's, before the first block
    Out* rest;          ///< the head of the stages that follow; nullptr if there are none
  };
  /// `lanes` are more than `threads`, so that a worker finds work while the join is busy.
  Pool(const Parts& parts, std::vector<std::unique_ptr<Lane>> lanes, std::size_t threads);
  ~Pool() override;

  State poll() override;
  void feed(std::size_t most) override;
  void wait_for_work(Duration patience) override;
  void stop() override { p_.input.stop(); }
  void abandon() override;
  const std::map<std::size_t, Counts>& pool_counts() const override { return counts_; }

 private:
  struct Slot {
    explicit Slot(std::unique_ptr<Lane> l) : lane(std::move(l)) {}
    std::unique_ptr<Lane> lane;
    Time submitted;
    bool done = false;          // guarded by mutex_
    std::exception_ptr thrown;  // out of memory in the worker, say: for the caller's thread
  };

  void start_workers();
  void work();
  bool front_done();
  void begin_join();
  void end_join();
  void join_line();
  void move_clock(Time t);
  void find_jumps();
  void tell_jumps(Time up_to);
  void count_lines(std::uint64_t up_to);
  void push(const Lane::Item& item, Record& record);
  void write_failure(const Lane::Item& item);
  Line line_of(const Lane::Item& item) const;

  Parts p_;
  std::size_t threads_;
  std::vector<Slot> slots_;
  std::vector<Slot*> free_;
  std::deque<Slot*> order_;  // in sequence; the front is joined first

  std::mutex mutex_;
  std::condition_variable work_there_, done_there_;
  std::deque<Slot*> waiting_;  // guarded by mutex_
  bool quit_ = false;          // guarded by mutex_
  std::vector<std::thread> workers_;

  // The block being joined: its next item, and how many of its lines are in the ledger.
  bool joining_ = false;
  std::size_t item_ = 0;
  std::uint64_t counted_ = 0, first_line_ = 1;
  LineNumbers numbers_;
  Time clock_ = Time::min();      // as told to the rest
  StreamClock before_;            // before the next block to be joined
  std::vector<ClockJump> jumps_;  // in the block being joined
  std::size_t jump_ = 0;
  Line line_;
  json::Document spare_;
  std::map<std::size_t, Counts> counts_;
  bool input_over_ = false;
};

}  // namespace sz::run
