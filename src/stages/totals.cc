#include <utility>

#include "core/keyed.h"
#include "stages/windows.h"

namespace sz::window {
namespace {

/// One result a key over all records, or over every so many of them.
class Totals final : public WindowStage {
 public:
  Totals(std::uint64_t count, Options options) : WindowStage(std::move(options)), count_(count) {}

  void push(Record& record) override {
    const auto key = admit(record);
    if (!key) return;
    Slot slot = keys_.peek(*key);
    if (slot == Keyed<OfKey>::none) {
      if (full(keys_.size(), record)) return;
      slot = keys_.insert(*key);
      any_ = true;
      keys_[slot].states = options_.aggregates.make();
    }
    OfKey& of_key = keys_[slot];
    options_.aggregates.add(of_key.states, arrival(record));
    const Time at = record.at;
    settle_in(record, nullptr);
    ++of_key.records;
    const bool last = of_key.records == count_;
    if (last || options_.running) emit_result(frame(slot, at, "count"), of_key.states);
    if (last) keys_.erase(slot);
  }

  void idle() override { emit_all("idle"); }
  void abandon() override {
    while (keys_.size() != 0) keys_.erase(keys_.oldest());
  }

 private:
  struct OfKey {
    std::uint64_t records = 0;
    aggregate::States states;
  };
  using Slot = Keyed<OfKey>::Slot;

  Frame frame(Slot slot, Time at, std::string_view reason) {
    return {.start = never,
            .end = never,
            .records = keys_[slot].records,
            .closed_by = reason,
            .key = keys_.key(slot),
            .at = at,
            .length = {}};
  }

  void finish() override {
    if (!options_.by.keyed() && count_ == 0 && !any_ && !options_.running)
      return emit_empty(
          {.start = never, .end = never, .closed_by = "end", .key = {}, .at = clock(), .length = {}});
    emit_all("end");
  }

  void emit_all(std::string_view reason) {
    while (keys_.size() != 0) {
      const Slot slot = keys_.oldest();
      if (!options_.running) emit_result(frame(slot, clock(), reason), keys_[slot].states);
      keys_.erase(slot);
    }
  }

  std::uint64_t count_;  // 0: no limit
  Keyed<OfKey> keys_;    // in the order in which they came
  bool any_ = false;
};

}  // namespace

std::unique_ptr<Stage> make_totals(std::uint64_t count, Options options) {
  return std::make_unique<Totals>(count, std::move(options));
}

}  // namespace sz::window
