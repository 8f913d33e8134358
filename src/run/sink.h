#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/out.h"
#include "core/stage.h"
#include "run/failed_records.h"
#include "run/output.h"

namespace sz::run {

/// What is written for a record: its text, or with -r (`raw`) for a string the decoded one, in `scratch`.
inline std::string_view printed(Record& record, bool raw, std::string& scratch) {
  if (raw && record.value().kind() == json::Kind::string) return record.value().string(scratch);
  return record.text();
}

/// The end of the pipeline: one line on standard output a record. Back-pressure: while the output is stuck it
/// holds back what feeds it, the source or a buffer.
class Sink final : public Out {
 public:
  /// `raw`: strings without quotes and escapes (-r).
  Sink(Run& run, Output& output, const FailedRecords& failed, bool raw)
      : run_(run), output_(output), failed_(failed), raw_(raw) {}

  void push(Record& record) override {
    if (run_.stopping && failed_.came_later(record))
      return record.origin.settle(run_.ledger, Verdict::filtered);
    output_.line(printed(record, raw_, decoded_), run_.now);
    ++records_;
    record.origin.settle(run_.ledger, Verdict::out);
    look();
  }
  /// Is the output stuck, or no more? Called after each flush as well.
  void look() {
    if (output_.stuck() || output_.closed()) run_.attention = true;
    if (std::exchange(stuck_, output_.stuck()) == output_.stuck()) return;
    for (int* const pressure : pressures_) *pressure += stuck_ ? 1 : -1;
  }
  /// See Stage::hold_back.
  void hold_back(std::vector<int*> pressures) { pressures_ = std::move(pressures); }
  void end() override { ended_ = true; }

  bool ended() const { return ended_; }
  std::uint64_t records() const { return records_; }
  /// Records that the pool has written and settled.
  void add(std::string_view lines, std::uint64_t records) {
    output_.lines(lines, run_.now);
    records_ += records;
    look();
  }

 private:
  Run& run_;
  Output& output_;
  const FailedRecords& failed_;
  bool raw_;
  bool ended_ = false, stuck_ = false;
  std::vector<int*> pressures_;
  std::uint64_t records_ = 0;
  std::string decoded_;
};

}  // namespace sz::run
