#include <algorithm>
#include <utility>
#include <vector>

#include "core/keyed.h"
#include "stages/panes.h"
#include "stages/windows.h"

namespace sz::window {
namespace {

class CountWindows final : public WindowStage {
 public:
  CountWindows(Grid grid, Options options) : WindowStage(std::move(options)), grid_(grid) {}

  void push(Record& record) override {
    const auto key = admit(record);
    if (!key) return;
    Slot slot = keys_.peek(*key);
    if (slot == Keyed<OfKey>::none) {
      if (full(keys_.size(), record)) return;
      slot = keys_.insert(*key);
    }
    OfKey& of_key = keys_[slot];
    const Wide number = of_key.records++;
    if (number >= of_key.here.end) of_key.here = grid_.pane_of(number);
    bool fresh = false;
    Pane& pane = of_key.panes.at(of_key.here.index, options_.aggregates, options_.records, fresh);
    of_key.panes.add(pane, options_.aggregates, arrival(record));
    // A result has the largest time of its records.
    if (record.at >= of_key.latest) {
      of_key.latest = record.at;
      hold_anew(of_key.hold);
    }
    settle_in(record, pane.members.get());
    const Wide end = of_key.records;
    if (end >= grid_.size() && (end - grid_.size()) % grid_.slide() == 0) {
      close_window(slot, end, "count");
      if (!grid_.overlapping()) erase(slot);
    }
  }

  bool waits_for_settled() const override { return false; }
  void idle() override { close_all("idle"); }
  void abandon() override {
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = keys_.oldest()) {
      keys_[slot].panes.each([this](Pane& pane) {
        if (pane.members) give_up(*pane.members);
      });
      keys_.erase(slot);
    }
  }

 private:
  struct OfKey {
    Wide records = 0;
    Grid::Pane here;            // of the last record
    Time latest = Time::min();  // of its records
    Hold hold = no_hold;        // of the one that has it
    Panes panes;
  };
  using Slot = Keyed<OfKey>::Slot;

  void erase(Slot slot) {
    const Hold hold_of = keys_[slot].hold;
    keys_.erase(slot);
    forget(hold_of);
  }

  void finish() override { close_all("end"); }

  // What is not full comes out key by key.
  void close_all(std::string_view reason) {
    while (keys_.size() != 0) {
      const Slot slot = keys_.oldest();
      const Wide records = keys_[slot].records;
      const Wide first = std::max(grid_.first_end(records), grid_.size());
      for (Wide end = first; end - grid_.size() < records; end += grid_.slide())
        close_window(slot, end, reason);
      erase(slot);
    }
  }

  void close_window(Slot slot, Wide end, std::string_view reason) {
    Panes& panes = keys_[slot].panes;
    const auto leaving = [this](Pane& pane) {
      if (pane.members) end_members(*pane.members);
    };
    const std::int64_t from = grid_.index_of(end - grid_.size()), to = grid_.index_of(end);
    panes.slide(from, to, options_.aggregates, leaving);
    aggregate::States& states = panes.result(options_.aggregates);
    const aggregate::Period& period = options_.aggregates.period(states);
    const Frame frame{.start = period.first(),
                      .end = period.last(),
                      .records = panes.records(),
                      .closed_by = reason,
                      .key = keys_.key(slot),
                      .at = period.last(),
                      .length = {}};
    if (options_.records && !grid_.overlapping()) {
      emit_records(frame, *panes.front().members);
    } else if (options_.records) {
      sharing_.clear();
      panes.each_in_window([this](Pane& pane) {
        for (Member& member : *pane.members) sharing_.push_back(&member);
      });
      emit_shared(frame, sharing_);
    } else {
      emit_result(frame, states);
    }
    panes.slide(grid_.index_of(end - grid_.size() + grid_.slide()), to, options_.aggregates, leaving);
  }

  Grid grid_;
  Keyed<OfKey> keys_;  // in the order in which they came
  std::vector<Member*> sharing_;
};

}  // namespace

std::unique_ptr<Stage> make_count_windows(std::uint64_t size, std::uint64_t slide, Options options) {
  options.aggregates.note_period();
  return std::make_unique<CountWindows>(Grid(static_cast<Wide>(size), static_cast<Wide>(slide), 0),
                                        std::move(options));
}

}  // namespace sz::window
