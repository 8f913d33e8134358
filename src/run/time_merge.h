#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "run/failed_records.h"
#include "run/feeder.h"
#include "run/input.h"
#include "run/source.h"
#include "run/stream_clock.h"

namespace sz::run {

/// Feeds the records of several inputs in the order of their times (merge --by-time): of the next record of
/// each the earliest, of equal ones that of the first input. The order depends on nothing else, but for
/// inputs that idle() has passed over. A line that is no record fails as soon as it is looked at. A record
/// counts as a line that was fed when it goes into the pipeline.
class TimeMerge final : public Source {
 public:
  struct Parts {
    Run& run;
    Input& input;  ///< that reads all at once
    FailedRecords& failed;
    Out& head;
    StreamClock clock;
  };
  /// `options`: one for each of the inputs, without --max-ahead, which is for all of them together.
  TimeMerge(const Parts& parts, std::vector<Feeder::Options> options);
  ~TimeMerge() override;

  State poll() override;
  void feed(std::size_t most) override;
  bool idle() override;
  void stop() override { p_.input.stop(); }
  void abandon() override;
  const std::map<std::size_t, Counts>& pool_counts() const override { return none_; }

 private:
  class Lane;
  using Next = std::pair<Time, std::size_t>;  ///< a record that waits for its turn: its time, its lane

  void look(std::size_t i);
  bool waiting() const;
  void pass_on(Record& record);

  Parts p_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Next> heap_;  ///< the least first, as std::push_heap has it with std::greater
  std::map<std::size_t, Counts> none_;
};

}  // namespace sz::run
