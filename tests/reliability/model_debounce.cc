#include <algorithm>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

/// A burst of a key is the records since the last time that it was quiet; it ends at the first of three
/// instants.
class Debounce final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    if (!step().count_field.empty() && item.value->kind != Value::Kind::object) return fail(item, "type");
    const auto k = key(item);
    if (!k) return fail(item, "expr");
    Burst* burst = bursts_.find(*k);
    const bool first = burst == nullptr;
    if (first) {
      if (bursts_.all().size() >= max_keys()) end(0);
      burst = &bursts_.add(*k);
      burst->began = clock();
    }
    burst->latest = clock();
    ++burst->count;
    if (first && step().leading) return emit_counted(std::move(item), 1);
    if (!step().trailing) return drop(item);
    if (burst->last) drop(*burst->last);
    burst->last = std::move(item);
  }

  Ns due() const override {
    Ns first = forever;
    for (const auto& [k, burst] : bursts_.all()) first = std::min(first, ends(burst));
    return first;
  }
  Ns oldest() const override {
    Ns first = forever;
    for (const auto& [k, burst] : bursts_.all())
      if (burst.last) first = std::min(first, burst.last->came);
    return first;
  }
  void tick() override {
    const Ns at = due();
    for (std::size_t i = 0; i < bursts_.all().size(); ++i)
      if (ends(bursts_.all()[i].second) == at) return end(i);
  }
  void idle() override {
    while (!bursts_.all().empty()) end(0);
  }
  void finish(bool) override { idle(); }

 private:
  struct Burst {
    Ns began = 0, latest = 0;
    std::uint64_t count = 0;
    std::optional<Item> last;
  };

  Ns ends(const Burst& burst) const {
    const Ns quiet = burst.latest + *step().span;
    return step().longest ? std::min(quiet, burst.began + *step().longest) : quiet;
  }

  void end(std::size_t i) {
    Burst burst = std::move(bursts_.all()[i].second);
    bursts_.erase(i);
    if (burst.last) emit_counted(std::move(*burst.last), burst.count - (step().leading ? 1 : 0));
  }

  ByKey<Burst> bursts_;
};

}  // namespace

std::unique_ptr<Model> make_debounce_model(const Scenario& s, const Step& step, std::size_t index,
                                           Books& books) {
  return std::make_unique<Debounce>(s, step, index, books);
}

}  // namespace sz::simulate
