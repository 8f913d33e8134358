#include <algorithm>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

class Dedupe : public Model {
 public:
  using Model::Model;

 protected:
  std::optional<std::string> key_or_fail(const Item& item) {
    if (!step().count_field.empty() && item.value->kind != Value::Kind::object) {
      fail(item, "type");
      return std::nullopt;
    }
    if (step().by == nullptr) return canonical(*item.value);
    auto k = key(item);
    if (!k) fail(item, "expr");
    return k;
  }

  Ns expiry() const { return step().span ? clock() + *step().span : forever; }
};

class KeepFirst final : public Dedupe {
 public:
  using Dedupe::Dedupe;

  void record(Item item) override {
    const auto k = key_or_fail(item);
    if (!k) return;
    Seen& seen = of(*k);
    const bool again = seen.known && clock() < seen.until;
    if (!again || step().refresh) seen.until = expiry();
    if (again) {
      ++seen.dropped;
      return drop(item);
    }
    seen.known = true;
    emit_counted(std::move(item), 1 + std::exchange(seen.dropped, 0));
  }

 private:
  struct Seen {
    Ns until = 0;
    std::uint64_t dropped = 0;
    bool known = false;
  };
  Seen& of(const std::string& k) {
    if (Seen* known = keys_.find(k)) return *known;
    if (step().adjacent) keys_.all().clear();
    if (keys_.all().size() >= max_keys()) keys_.erase(0);
    return keys_.add(k);
  }
  ByKey<Seen> keys_;
};

class KeepLast final : public Dedupe {
 public:
  using Dedupe::Dedupe;

  void record(Item item) override {
    const auto k = key_or_fail(item);
    if (!k) return;
    Held* held = keys_.find(*k);
    if (held == nullptr) {
      if (step().adjacent && !keys_.all().empty()) let_go(0);
      if (keys_.all().size() >= max_keys()) let_go(0);
      held = &keys_.add(*k);
      held->until = expiry();
    } else {
      drop(held->item);
      if (step().refresh) held->until = expiry();
    }
    held->item = std::move(item);
    ++held->count;
  }

  Ns due() const override {
    Ns first = forever;
    for (const auto& [k, held] : keys_.all()) first = std::min(first, held.until);
    return first;
  }
  Ns oldest() const override {
    Ns first = forever;
    for (const auto& [k, held] : keys_.all()) first = std::min(first, held.item.came);
    return first;
  }
  // Of several that end at once the one that occurred first goes first: keys_ is in this order.
  void tick() override {
    const Ns at = due();
    for (std::size_t i = 0; i < keys_.all().size(); ++i)
      if (keys_.all()[i].second.until == at) return let_go(i);
  }
  void idle() override {
    while (!keys_.all().empty()) let_go(0);
  }
  void finish(bool) override { idle(); }

 private:
  struct Held {
    Item item;
    std::uint64_t count = 0;
    Ns until = forever;
  };
  void let_go(std::size_t i) {
    Held held = std::move(keys_.all()[i].second);
    keys_.erase(i);
    emit_counted(std::move(held.item), held.count);
  }
  ByKey<Held> keys_;
};

}  // namespace

std::unique_ptr<Model> make_dedupe_model(const Scenario& s, const Step& step, std::size_t index,
                                         Books& books) {
  if (step.keep_last) return std::make_unique<KeepLast>(s, step, index, books);
  return std::make_unique<KeepFirst>(s, step, index, books);
}

}  // namespace sz::simulate
