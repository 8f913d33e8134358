#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/stage.h"
#include "run/trace_file.h"

namespace sz::run {

/// Writes down how sampled records go through the stages of one thread, for --trace. A record's span in a
/// stage includes what the stages behind it do with what it passes on, since that happens inside. Which
/// records are sampled is a hash of their line's place in its file, so the choice is the same in all threads
/// and runs; the first line is always one. Not for use from two threads at once; times are monotonic, in
/// microseconds since `origin`.
class Tracer {
 public:
  using Clock = std::chrono::steady_clock;
  /// `file` outlives it. `thread`: its number in the trace, from 1, shown as `name`.
  Tracer(TraceFile& file, double share, Clock::time_point origin, unsigned thread, std::string_view name);
  ~Tracer() { flush(); }
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Pushes `record` into `stage`, watched if it is sampled.
  void push(Stage& stage, Record& record) {
    if (state_ == State::passing) return stage.push(record);
    if (state_ == State::watching || sampled(record)) return push_watched(stage, record);
    state_ = State::passing;
    stage.push(record);
    state_ = State::idle;
  }
  /// Is a sampled record being pushed?
  bool sampling() const { return state_ == State::watching; }
  /// A request of a sampled record has begun or ended.
  void request(bool begin, std::uint64_t id, std::string_view stage);
  /// A span that began at `begin` and ends now.
  void span(std::string_view name, Clock::time_point begin, std::string_view of, std::uint64_t number);

  void flush();

 private:
  enum class State : std::uint8_t { idle, passing, watching };

  void push_watched(Stage& stage, Record& record);
  // Fibonacci hashing (Knuth, TAOCP 3, 6.4).
  bool sampled(const Record& record) {
    const std::uint64_t place = record.line != nullptr ? record.line->offset : ++made_;
    return bound_ != 0 && place * 0x9E3779B97F4A7C15 <= bound_;
  }
  void add_number(std::uint64_t n);
  void add_micros(Clock::duration d);
  void added();

  TraceFile& file_;
  std::uint64_t bound_;  // of the hashes that are sampled
  Clock::time_point origin_;
  unsigned thread_;
  State state_ = State::idle;
  std::uint64_t made_ = 0;  // records without a line
  std::string text_;
};

/// Stands before a stage and tells the tracer of each record.
class TracedStage final : public Out {
 public:
  TracedStage(Tracer& tracer, Stage& stage) : tracer_(tracer), stage_(stage) {}
  void push(Record& record) override { tracer_.push(stage_, record); }
  void advance(const Mark& m) override { stage_.advance(m); }
  void end() override { stage_.end(); }

 private:
  Tracer& tracer_;
  Stage& stage_;
};

}  // namespace sz::run
