#include <cmath>
#include <deque>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

/// Units of credit: a nanosecond brings `events` of them a millionth of a token's worth.
using Units = __int128;
constexpr Units micro = 1'000'000;

class Throttle : public Model {
 public:
  using Model::Model;

 protected:
  struct Bucket {
    bool used = false;
    Units credit = 0;
    Ns filled = 0;
    std::uint64_t waiting = 0;
  };

  Units capacity() const { return Units(step().burst) * micro * second; }

  void refill(Bucket& bucket, Ns at) const {
    if (!std::exchange(bucket.used, true))
      bucket.credit = capacity();
    else if (at > bucket.filled)
      bucket.credit = std::min<Units>(
          capacity(), bucket.credit + Units(at - bucket.filled) * Units(step().events) * micro);
    else
      return;
    bucket.filled = at;
  }
  bool take(Bucket& bucket, Units price, Ns at) const {
    refill(bucket, at);
    if (bucket.credit < price) return false;
    bucket.credit -= price;
    return true;
  }

  /// The key and the price, or the record has failed.
  std::optional<std::pair<std::string, Units>> price_or_fail(const Item& item) {
    auto k = key(item);
    if (!k) return fail(item, "expr"), std::nullopt;
    double cost = 1;
    if (step().expr != nullptr) {
      const ValuePtr value = step().expr->value(item.value);
      if (value == nullptr) return fail(item, "expr"), std::nullopt;
      cost = value->kind == Value::Kind::number ? value->number() : -1;
      if (cost < 0) return fail(item, "type"), std::nullopt;
    }
    if (cost > static_cast<double>(step().burst)) return fail(item, "throttled"), std::nullopt;
    return std::pair(std::move(*k), Units(std::llround(cost * 1e6)) * second);
  }
  bool keyed() const { return step().by != nullptr; }

  Bucket& bucket(const std::string& k) {
    if (Bucket* known = buckets_.find(k)) return *known;
    if (keyed() && buckets_.all().size() >= max_keys())
      for (std::size_t i = 0; i < buckets_.all().size(); ++i)
        if (buckets_.all()[i].second.waiting == 0) {
          buckets_.erase(i);
          break;
        }
    return buckets_.add(k);
  }
  /// Without using it.
  Bucket& known_bucket(const std::string& k) {
    for (auto& [name, known] : buckets_.all())
      if (name == k) return known;
    return buckets_.add(k);
  }

 private:
  ByKey<Bucket> buckets_;
};

class Shed final : public Throttle {
 public:
  using Throttle::Throttle;
  void record(Item item) override {
    const auto price = price_or_fail(item);
    if (!price) return;
    if (take(bucket(price->first), price->second, clock())) return emit(std::move(item));
    if (step().mode == "fail")
      fail(item, "throttled");
    else
      drop(item);
  }
};

/// Order is kept; under --time the clock waits behind the records that wait.
class Pace final : public Throttle {
 public:
  using Throttle::Throttle;

  void record(Item item) override {
    const auto price = price_or_fail(item);
    if (!price) return;
    Bucket& of = bucket(price->first);
    if (held_ == 0 && take(of, price->second, now().wall)) return emit(std::move(item));
    ++of.waiting;
    ++held_;
    waiting_.push_back({now(), std::move(item), price->first, price->second});
    block(true);
  }

  Timer deadline() const override {
    if (waiting_.empty()) return {forever, 0};
    auto& self = const_cast<Pace&>(*this);
    const Waiting& first = waiting_.front();
    Bucket ahead = self.known_bucket(first.key);
    const Units missing = first.price - ahead.credit, speed = Units(step().events) * micro;
    const Ns at = missing <= 0 ? ahead.filled : ahead.filled + static_cast<Ns>((missing + speed - 1) / speed);
    return {std::max(at, now().wall), timers};
  }

  void timeout() override {
    const Ns wall = now().wall;
    Event after = now();
    while (!waiting_.empty()) {
      Waiting& first = waiting_.front();
      if (first.event.type == Event::Type::advance) {
        Event mark = first.event;
        mark.wall = wall;
        mark.wall_rank = timers;
        pass(mark);
      } else {
        Bucket& of = known_bucket(first.key);
        if (!take(of, first.price, wall)) break;
        --of.waiting;
        --held_;
        Event when = first.event;
        when.wall = wall;
        when.wall_rank = timers;
        if (!scenario().event_time) when.clock = wall;
        emit_at(std::move(first.item), when);
      }
      waiting_.pop_front();
    }
    if (held_ == 0) block(false);
  }

  bool holds_clock() const override { return held_ != 0; }
  void hold_mark(const Event& mark) override { waiting_.push_back({mark, {}, {}, 0}); }

  void finish(bool discard) override {
    while (held_ != 0) {
      if (discard) {
        if (waiting_.front().event.type == Event::Type::record) {
          filter(waiting_.front().item);
          --held_;
        }
        waiting_.pop_front();
        continue;
      }
      const auto [at, of] = deadline();
      set_wall(at, of);
      timeout();
    }
    block(false);
  }

 private:
  struct Waiting {
    Event event;
    Item item;
    std::string key;
    Units price;
  };
  std::deque<Waiting> waiting_;
  std::size_t held_ = 0;
};

}  // namespace

std::unique_ptr<Model> make_throttle_model(const Scenario& s, const Step& step, std::size_t index,
                                           Books& books) {
  if (step.mode == "wait") return std::make_unique<Pace>(s, step, index, books);
  return std::make_unique<Shed>(s, step, index, books);
}

}  // namespace sz::simulate
