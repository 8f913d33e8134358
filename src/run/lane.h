#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.h"
#include "core/stage.h"
#include "run/chain.h"
#include "run/feeder.h"
#include "run/input.h"

namespace sz::run {

/// One of the pool's places for a block: copies of the leading stateless stages, and what they made of the
/// block. A worker fills it, the join empties it; they never touch it at the same time.
///
/// When these stages are the whole pipeline the lane settles its lines itself and holds the text to be
/// written. Otherwise it only notes what came of which line, and the join makes the origins: so a worker
/// needs no memory for them and no lock.
class Lane {
 public:
  /// `rest`: other stages follow. `raw_output`: -r, only used without a rest.
  /// `tracer`, if given, belongs to the lane: the records of a lane are one after the other.
  Lane(Chain chain, Feeder::Options options, bool event_time, bool rest, bool raw_output,
       std::unique_ptr<Tracer> tracer = nullptr);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Block block;

  /// What came of a line, in the order of the input. Lines without an item were filtered.
  struct Item {
    enum class Kind : std::uint8_t { record, failure, blank } kind = Kind::record;
    std::uint64_t line = 0;    ///< from 1, in the block
    std::uint64_t offset = 0;  ///< of the line in its file
    std::uint64_t bytes = 0;
    std::string_view original;  ///< the line, in the block
    std::string_view text;      ///< the record as it left, or as it reached the stage that failed
    json::Node value;           ///< invalid for text that a stage made
    Time at;
    Time clock;  ///< the stream's clock in this block when it left
    Failure failure;
    std::string_view stage;  ///< where it failed
    std::size_t index = 0;
  };

  /// Runs the block through the stages. `now` is the wall's time for all of it. `clock`: the stream's clock
  /// before the block, or one that is not set where it is not known yet; may be called again when it is.
  void process(Time now, const StreamClock& clock);
  /// The clock before the block is `clock`: would process() with it have done the same as it did?
  bool fits(const StreamClock& clock) const;
  /// The clock behind the block, if `before` was the one before it and fits.
  StreamClock clock_after(const StreamClock& before) const;

  const std::vector<Item>& items() const { return items_; }
  std::uint64_t lines() const { return lines_; }
  const std::vector<ClockJump>& jumps() const { return feeder_.jumps(); }
  const Ledger& ledger() const { return run_.ledger; }  ///< without a rest: the lines' fates
  std::string_view text() const { return text_; }       ///< without a rest: what is to be written
  std::uint64_t records() const { return records_; }
  const Chain& chain() const { return chain_; }

 private:
  class LaneRun final : public Run {
   public:
    RequestId start(Stage&, Request) override { return 0; }  // stateless stages ask for nothing
    void notice(const Stage&, std::string_view) override {}
  };
  class Exit final : public Out {
   public:
    explicit Exit(Lane& lane) : lane_(lane) {}
    void push(Record& record) override { lane_.take(record); }
    void end() override {}

   private:
    Lane& lane_;
  };
  class Capture final : public Failures {
   public:
    explicit Capture(Lane& lane) : lane_(lane) {}
    void fail(Record& record, Failure failure, const Stage* stage) override {
      lane_.take(record, std::move(failure), stage);
    }

   private:
    Lane& lane_;
  };

  Out& bind();
  void take(Record& record);
  void take(Record& record, Failure failure, const Stage* stage);
  Item& add(Item::Kind kind, Record& record);
  std::string_view keep(std::string_view text);

  LaneRun run_;
  std::unique_ptr<Tracer> tracer_;
  Exit exit_{*this};
  Capture capture_{*this};
  Chain chain_;
  Feeder feeder_;
  bool rest_, raw_output_;
  std::vector<Item> items_;
  std::vector<std::unique_ptr<std::string>> kept_;  // texts that are not in the block; their addresses stay
  std::size_t kept_used_ = 0;
  std::string text_, decoded_;
  std::uint64_t lines_ = 0, records_ = 0;
  bool knew_clock_ = false;  // the block was processed from the clock that the blocks before left
};

}  // namespace sz::run
