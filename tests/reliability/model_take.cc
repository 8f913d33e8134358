#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

class Leading final : public Model {
 public:
  Leading(const Scenario& s, const Step& step, std::size_t index, Books& books)
      : Model(s, step, index, books), take_(step.stage == "take") {
    if (take_ && step.n == 0) over_ = true, this->books().done[index - 1] = -1;
  }

  void record(Item item) override {
    if (over_) return filter(item);
    const auto k = key(item);
    if (!k) return fail(item, "expr");
    Stretch& stretch = of(*k);
    bool inside = false;
    if (!stretch.over) {
      if (stretch.seen++ == 0 && step().span) stretch.until = clock() + *step().span;
      if (step().n) {
        inside = stretch.seen <= *step().n;
      } else if (step().span) {
        inside = clock() < stretch.until;
      } else {
        const auto holds = step().expr->truthy(item.value);
        if (!holds) return fail(item, "expr");
        inside = *holds;
      }
      stretch.over = !inside;
    }
    const bool last =
        take_ && step().by == nullptr && (stretch.over || (step().n && stretch.seen == *step().n));
    if (inside == take_)
      emit(std::move(item));
    else
      filter(item);
    if (last) finished();
  }

  Ns due() const override {
    if (!take_ || over_ || step().by != nullptr || keys_.all().empty()) return forever;
    return keys_.all().front().second.until;
  }
  void tick() override { finished(); }

 private:
  struct Stretch {
    std::uint64_t seen = 0;
    Ns until = forever;
    bool over = false;
  };

  void finished() {
    over_ = true;
    end_early();
  }

  Stretch& of(const std::string& k) {
    if (Stretch* known = keys_.find(k)) return *known;
    if (keys_.all().size() >= max_keys()) keys_.erase(0);
    return keys_.add(k);
  }

  bool take_, over_ = false;
  ByKey<Stretch> keys_;
};

class Trailing final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    held_.push_back(std::move(item));
    if (held_.size() > *step().last) let_go(step().stage == "skip");
  }
  Ns oldest() const override { return held_.empty() ? forever : held_.front().came; }
  void finish(bool) override {
    while (!held_.empty()) let_go(step().stage == "take");
  }

 private:
  void let_go(bool pass) {
    Item first = std::move(held_.front());
    held_.erase(held_.begin());
    if (pass)
      emit(std::move(first));
    else
      filter(first);
  }
  std::vector<Item> held_;
};

}  // namespace

std::unique_ptr<Model> make_take_model(const Scenario& s, const Step& step, std::size_t index, Books& books) {
  if (step.last) return std::make_unique<Trailing>(s, step, index, books);
  return std::make_unique<Leading>(s, step, index, books);
}

}  // namespace sz::simulate
