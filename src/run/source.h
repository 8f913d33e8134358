#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "core/ledger.h"
#include "core/time.h"

namespace sz::run {

/// What the runner feeds the pipeline from: straight from the input, or through the ordered pool.
class Source {
 public:
  virtual ~Source() = default;

  enum class State : std::uint8_t {
    ready,    ///< feed() has something
    later,    ///< nothing has arrived yet
    working,  ///< the pool is still at it: wait_for_work()
    end,      ///< nothing will come any more
  };
  /// Looks for more, reading if need be, without waiting.
  virtual State poll() = 0;
  /// Feeds about `most` records; stops early when Run::blocked or Run::attention says so.
  virtual void feed(std::size_t most) = 0;
  /// Only while `working`: waits for the pool, at most `patience`.
  virtual void wait_for_work(Duration) {}
  /// Nothing came for --idle-timeout: goes on without inputs that hold others up. False if that changes
  /// nothing.
  virtual bool idle() { return false; }
  /// Reads no more. What was read already is still fed.
  virtual void stop() = 0;
  /// Fails all that was read and is not fed as `shutdown`.
  virtual void abandon() = 0;

  /// The accounts of stages that ran in the pool, by plan index from 1. Complete once all was fed.
  virtual const std::map<std::size_t, Counts>& pool_counts() const = 0;
};

}  // namespace sz::run
