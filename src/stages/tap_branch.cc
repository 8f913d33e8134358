#include "stages/tap_branch.h"

#include <utility>

#include "core/joining.h"

namespace sz {
namespace {

/// The scope of a copy: only its failure counts for the line.
class Side final : public Scope {
 public:
  Side(Ledger& ledger, Origin origin) : ledger_(ledger), origin_(std::move(origin)) {}
  void lines(std::vector<Line>& out) const override { origin_.lines(out); }
  Attempt* attempt() override { return origin_.attempt(); }
  const std::string* cause() const override { return origin_.cause(); }

 private:
  void settled(Verdict v) override {
    origin_.settle(ledger_, v == Verdict::failed ? Verdict::failed : Verdict::none);
  }
  Ledger& ledger_;
  Origin origin_;
};

/// Neither waits for the copies nor holds the clock back for them.
class TapBranch final : public Joining {
 public:
  void push(Record& record) override {
    enter();
    ++counts().made;
    counts().out += 2;
    Record copy(record.text(), record.value());
    copy.at = record.at;
    copy.line = record.line;
    copy.origin =
        Origin::of(std::make_unique<Side>(run().ledger, record.origin.split(run().ledger)).release());
    hand(0, copy);
    hand_past(record);
  }
  bool passes_by() const override { return true; }
  bool discards(std::size_t) const override { return true; }
  bool paces() const override { return false; }

 private:
  bool ordered() const override { return false; }
  void came_out(std::size_t, Record& record) override { record.origin.settle(run().ledger, Verdict::none); }
  void failed_in(std::size_t i, Record& record, Failure failure, const Stage* stage) override {
    failure.tap = true;
    Joining::failed_in(i, record, std::move(failure), stage);
  }
};

}  // namespace

std::unique_ptr<Stage> make_tap_branch() { return std::make_unique<TapBranch>(); }

}  // namespace sz
