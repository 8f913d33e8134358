#include <algorithm>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

/// Which records chance picks is left open here; that it picks the same ones again is for the comparisons of
/// runs with each other.
class Sample final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    const auto k = key(item);
    if (!k) return fail(item, "expr");
    if (step().mode == "--rate") {
      if (step().events != 0 && step().events != 100) books().uncertain = true;
      return pick(std::move(item), step().events != 0);
    }
    Seen* seen = keys_.find(*k);
    if (seen == nullptr) {
      if (keys_.all().size() >= max_keys()) forget(0);
      seen = &keys_.add(*k);
    }
    if (step().mode == "--nth") return pick(std::move(item), seen->count++ % *step().n == 0);
    if (step().mode == "--per") {
      const bool picked = clock() >= seen->until;
      if (picked) seen->until = clock() + *step().span;
      return pick(std::move(item), picked);
    }
    seen->held.emplace_back(++number_, std::move(item));
    if (seen->held.size() <= *step().n) return;
    books().uncertain = true;
    filter(seen->held.back().second);
    seen->held.pop_back();
  }

  Ns oldest() const override {
    Ns first = forever;
    for (const auto& [k, seen] : keys_.all())
      for (const auto& [number, item] : seen.held) first = std::min(first, item.came);
    return first;
  }
  void idle() override {
    if (step().mode != "--reservoir") return;
    std::vector<Held> all;
    for (auto& [k, seen] : keys_.all()) std::ranges::move(seen.held, std::back_inserter(all));
    keys_.all().clear();
    std::ranges::sort(all, {}, &Held::first);
    for (auto& [number, item] : all) emit(std::move(item));
  }
  void finish(bool) override { idle(); }

 private:
  using Held = std::pair<int, Item>;
  struct Seen {
    std::uint64_t count = 0;
    Ns until = -forever;
    std::vector<Held> held;
  };

  void pick(Item item, bool picked) {
    if (picked)
      emit(std::move(item));
    else
      filter(item);
  }
  void forget(std::size_t i) {
    std::vector<Held> early = std::move(keys_.all()[i].second.held);
    keys_.erase(i);
    for (auto& [number, item] : early) emit(std::move(item));
  }

  ByKey<Seen> keys_;
  int number_ = 0;
};

}  // namespace

std::unique_ptr<Model> make_sample_model(const Scenario& s, const Step& step, std::size_t index,
                                         Books& books) {
  return std::make_unique<Sample>(s, step, index, books);
}

}  // namespace sz::simulate
