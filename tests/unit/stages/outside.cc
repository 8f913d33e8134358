#include "stages/outside.h"

#include <map>
#include <utility>
#include <vector>

#include "core/in_order.h"
#include "core/kept.h"
#include "core/stage.h"

namespace sz::stages_test {
namespace {

class Outside final : public Stage {
 public:
  explicit Outside(std::uint64_t jobs) : jobs_(jobs) {}

  void push(Record& record) override {
    enter();
    waiting_.push_back(slots_.open(Slot{Kept(record, run().keep_originals), {}}));
    ++held_;
    start();
  }
  void complete(RequestId id, Result&& result) override {
    const Handle handle = running_.at(id);
    running_.erase(id);
    slots_[handle].result = std::move(result);
    slots_.fill(handle);
    release();
  }
  std::size_t held() const override { return held_; }
  int width() const override { return static_cast<int>(jobs_); }
  bool paces() const override { return true; }
  void abandon() override {
    for (const auto& [id, handle] : std::exchange(running_, {})) run().cancel(id);
    waiting_.clear();
    while (slots_.size() != 0) {
      Slot slot = slots_.take(slots_.first());
      --held_;
      Record record = slot.kept->release(spare_);
      give_up(record);
    }
    release();
  }

 private:
  struct Slot {
    std::optional<Kept> kept;
    Result result;
  };
  using Handle = InOrder<Slot>::Handle;

  void pass_clock(const Mark& m) override {
    if (slots_.empty()) return Stage::pass_clock(m);
    slots_.mark(m);
  }
  void start() {
    while (!waiting_.empty() && running_.size() < jobs_) {
      const Handle handle = waiting_.front();
      waiting_.erase(waiting_.begin());
      Request request;
      request.input = std::string(slots_[handle].kept->value_text());
      running_.emplace(run().start(*this, std::move(request)), handle);
    }
    block(held_ >= jobs_);
  }
  void release() {
    slots_.release(
        [this](Slot slot) {
          --held_;
          Record record = slot.kept->release(spare_);
          if (slot.result.ok()) return emit(record);
          fail(record, Failure{.kind = FailureKind::exec_exit,
                               .error = "status " + std::to_string(slot.result.number),
                               .exit = slot.result.number});
        },
        [this](Mark m) { Stage::pass_clock(m); });
    start();
  }

  std::uint64_t jobs_;
  InOrder<Slot> slots_;
  std::vector<Handle> waiting_;
  std::map<RequestId, Handle> running_;
  std::size_t held_ = 0;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  return std::make_unique<Outside>(*arguments.count("--jobs"));
}

const Declaration outside_stage = {
    .name = "outside",
    .section = "Tests",
    .summary = "send each record out and wait for the answer",
    .description = "For tests.",
    .options =
        {{.name = "--jobs", .type = ValueType::count, .metavar = "N", .help = "at once", .fallback = "1"}},
    .traits = {.repeatable = true},
    .build = build};

std::vector<const Declaration*> table() {
  std::vector<const Declaration*> all(plan::stages().begin(), plan::stages().end());
  all.push_back(&outside_stage);
  return all;
}

}  // namespace

plan::Declarations all_stages() {
  static const std::vector<const Declaration*> all = table();
  return all;
}

}  // namespace sz::stages_test
