#include "stages.h"

#include <utility>

#include "core/stage.h"

namespace sz::simulate {
namespace {

class Watch final : public Stage {
 public:
  void push(Record& record) override {
    enter();
    if (over_) run().notice(*this, "a record after the end");
    if (!record.origin) run().notice(*this, "a record without an origin");
    if (!record.value().valid()) run().notice(*this, "a record without a value");
    emit(record);
  }
  void advance(const Mark& to) override {
    if (over_) run().notice(*this, "the clock moved after the end");
    if (!run().event_time) run().notice(*this, "the stream's clock without --time");
    if (to.clock < last_.clock || to.settled < last_.settled) run().notice(*this, "the clock went back");
    if (to.settled > to.clock) run().notice(*this, "more is settled than has come");
    last_ = to;
    Stage::advance(to);
  }

 private:
  void finish() override {
    if (std::exchange(over_, true)) run().notice(*this, "a second end");
  }
  bool over_ = false;
  Mark last_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build_watch(const Arguments&, const Settings&) {
  return std::make_unique<Watch>();
}

const Declaration watch_stage = {.name = "watch",
                                 .section = "Simulator",
                                 .summary = "check the order of signals",
                                 .description = "For tests.",
                                 .build = build_watch};

std::vector<const Declaration*> table() {
  std::vector<const Declaration*> all(plan::stages().begin(), plan::stages().end());
  all.push_back(&watch_stage);
  return all;
}

}  // namespace

plan::Declarations all_stages() {
  static const std::vector<const Declaration*> all = table();
  return all;
}

}  // namespace sz::simulate
