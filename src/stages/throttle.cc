#include <cmath>
#include <list>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/kept.h"
#include "core/keyed.h"
#include "core/stage.h"
#include "core/token_bucket.h"
#include "expr/argument.h"
#include "expr/key.h"

namespace sz {
namespace {

using Bucket = BucketRule::Bucket;
using Units = BucketRule::Units;

struct Options {
  BucketRule rule;
  std::optional<expr::Program> cost;
  std::uint64_t max_keys = 0;
};

/// What all modes share: the key and the price of a record.
class Throttle : public Stage {
 public:
  Throttle(Options options, expr::KeyOf by)
      : rule_(options.rule),
        cost_(std::move(options.cost)),
        by_(std::move(by)),
        max_keys_(options.max_keys) {}

 protected:
  /// What the record costs, if it has a key and a price that can be paid; otherwise it has failed.
  std::optional<Units> price_or_fail(Record& record) {
    if (by_.keyed()) {
      const auto key = by_(record.value(), clock(), record.line);
      if (!key) return fail(record, FailureKind::expr, key.error()), std::nullopt;
      key_ = *key;
    }
    double tokens = 1;
    if (cost_) {
      const auto cost = cost_->value(record.value(), clock(), record.line);
      if (!cost) return fail(record, FailureKind::expr, cost.error()), std::nullopt;
      tokens = cost->is_number() ? cost->number().d : -1;
      if (!(tokens >= 0))
        return fail(record, FailureKind::type, "--cost needs a number of 0 or more"), std::nullopt;
    }
    const Units price = rule_.price(tokens);
    if (!rule_.fits(price))
      return fail(record, FailureKind::throttled, "the cost is over the burst"), std::nullopt;
    return price;
  }

  std::string_view key() const { return key_; }
  bool keyed() const { return by_.keyed(); }
  const BucketRule& rule() const { return rule_; }
  std::uint64_t max_keys() const { return max_keys_; }

 private:
  BucketRule rule_;
  std::optional<expr::Program> cost_;
  expr::KeyOf by_;
  std::uint64_t max_keys_;
  std::string_view key_;
};

/// Drops or fails what is over the rate, on the stream's clock.
class Shed final : public Throttle {
 public:
  Shed(Options options, expr::KeyOf by, bool fails)
      : Throttle(std::move(options), std::move(by)), fails_(fails) {}

  void push(Record& record) override {
    enter();
    const auto price = price_or_fail(record);
    if (!price) return;
    if (rule().take(bucket(), *price, clock())) return emit(record);
    if (fails_)
      fail(record, FailureKind::throttled, "over the rate");
    else
      shed(record, "throttled");
  }

 private:
  Bucket& bucket() {
    if (!keyed()) return only_;
    Keyed<Bucket>::Slot slot = buckets_.find(key());
    if (slot == Keyed<Bucket>::none) {
      if (max_keys() != 0 && buckets_.size() >= max_keys()) {
        count_eviction(buckets_.key(buckets_.oldest()));
        buckets_.erase(buckets_.oldest());
      }
      slot = buckets_.insert(key());
    }
    return buckets_[slot];
  }

  bool fails_;
  Bucket only_;
  Keyed<Bucket> buckets_;
};

/// Holds what is over the rate until the wall's clock allows it. In order: the first that waits holds all the
/// others. Unordered: each key has its own queue.
class Pace final : public Throttle {
 public:
  Pace(Options options, expr::KeyOf by, bool ordered, std::uint64_t max_held)
      : Throttle(std::move(options), std::move(by)), ordered_(ordered), max_held_(max_held) {}

  void push(Record& record) override {
    enter();
    const auto price = price_or_fail(record);
    if (!price) return;
    const Slot slot = bucket();
    const Slot queue_slot = ordered_ ? common : slot;
    Queue& queue = queue_of(queue_slot);
    if (queue.empty()) {
      if (rule().take(keys_[slot].bucket, *price, run().now)) return emit(record);
      heads_.emplace(ready(slot, *price), queue_slot);
    }
    queue.emplace_back(Kept(record, run().keep_originals), slot, *price, clocks_.insert(clock_seen_));
    ++keys_[slot].waiting;
    ++held_;
    hold_back();
  }

  Time deadline() const override { return heads_.empty() ? never : heads_.begin()->first; }

  void timeout() override {
    while (!heads_.empty() && heads_.begin()->first <= run().now) {
      const Slot slot = heads_.begin()->second;
      heads_.erase(heads_.begin());
      drain(queue_of(slot));
      if (const Queue& rest = queue_of(slot); !rest.empty())
        heads_.emplace(ready(rest.front().slot, rest.front().price), slot);
    }
    hold_back();
  }

  bool paces() const override { return ordered_; }
  std::size_t held() const override { return held_; }

  void abandon() override {
    for (const auto& [at, slot] : std::exchange(heads_, {}))
      for (Queue& queue = queue_of(slot); !queue.empty();) {
        Item first = take_first(queue);
        Record record = first.kept.release(spare_);
        give_up(record);
      }
    hold_back();
  }

 private:
  struct Item {
    Item(Kept k, std::uint32_t s, Units p, std::multiset<Mark>::iterator c)
        : kept(std::move(k)), slot(s), price(p), clock(c) {}
    Kept kept;
    std::uint32_t slot;
    Units price;
    std::multiset<Mark>::iterator clock;  // the stream's clock when it came
  };
  using Queue = std::list<Item>;
  struct KeyState {
    Bucket bucket;
    std::uint64_t waiting = 0;
    Queue queue;  // only used when not ordered
  };
  using Slot = Keyed<KeyState>::Slot;
  static constexpr Slot common = Keyed<KeyState>::none;

  Queue& queue_of(Slot slot) { return slot == common ? all_ : keys_[slot].queue; }

  /// The slot of the record's key. A key with waiting records is not forgotten.
  Slot bucket() {
    const std::string_view of = keyed() ? key() : std::string_view();
    const Slot known = keys_.find(of);
    if (known != Keyed<KeyState>::none) return known;
    if (max_keys() != 0 && keys_.size() >= max_keys()) forget_oldest();
    return keys_.insert(of);
  }

  void forget_oldest() {
    Slot slot = keys_.oldest();
    while (slot != Keyed<KeyState>::none && keys_[slot].waiting != 0) slot = keys_.next(slot);
    if (slot == Keyed<KeyState>::none) return;
    count_eviction(keys_.key(slot));
    keys_.erase(slot);
  }

  Time ready(Slot slot, Units price) {
    return std::max(rule().when(keys_[slot].bucket, price), run().now + Duration{1});
  }
  void hold_back() { block(ordered_ ? held_ != 0 : held_ >= max_held_); }

  // What stands behind is told of the time up to the oldest record that still waits: so it does not depend on
  // the wall what it sees.
  void pass_clock(const Mark& m) override {
    clock_seen_ = m;
    if (clocks_.empty()) Stage::pass_clock(m);
  }

  Item take_first(Queue& from) {
    Item first = std::move(from.front());
    from.pop_front();
    clocks_.erase(first.clock);
    --keys_[first.slot].waiting;
    --held_;
    return first;
  }
  void drain(Queue& from) {
    while (!from.empty() && rule().take(keys_[from.front().slot].bucket, from.front().price, run().now)) {
      Item first = take_first(from);
      Record record = first.kept.release(spare_);
      emit(record);
      if (run().event_time) Stage::pass_clock(clocks_.empty() ? clock_seen_ : *clocks_.begin());
    }
  }

  bool ordered_;
  std::uint64_t max_held_;
  Keyed<KeyState> keys_;
  Queue all_;
  std::set<std::pair<Time, Slot>> heads_;  // each queue that waits, and when its first record may go
  std::size_t held_ = 0;
  std::multiset<Mark> clocks_;  // of the waiting records
  Mark clock_seen_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  auto cost = expr::compile_optional(arguments, "--cost", settings);
  if (!cost) return std::unexpected(std::move(cost.error()));
  const auto rate = arguments.rate("--rate");
  if (!rate)
    return std::unexpected(arguments.error("", "throttle needs --rate N/UNIT", "for example --rate 50/s"));
  const double a_second = rate->events * 1e9 / static_cast<double>(rate->per.ns);
  const auto given_burst = arguments.count("--burst");
  if (given_burst == 0) return std::unexpected(arguments.error("--burst", "--burst must be at least 1"));
  const double burst = given_burst ? static_cast<double>(*given_burst) : std::max(1.0, a_second);

  const auto mode = arguments.text("--mode");
  const bool unordered = arguments.flag("--unordered");
  if (mode != "wait")
    for (const std::string_view name : {"--unordered", "--max-held"})
      if (arguments.given(name))
        return std::unexpected(arguments.error(name, std::string(name) + " goes with --mode wait"));
  if (arguments.given("--max-held") && !unordered)
    return std::unexpected(arguments.error("--max-held", "--max-held goes with --unordered"));

  if (arguments.count("--max-held") == 0)
    return std::unexpected(arguments.error("--max-held", "--max-held must be at least 1"));

  Options options{.rule = BucketRule(*rate, burst),
                  .cost = std::move(*cost),
                  .max_keys = arguments.count("--max-keys").value_or(settings.max_keys)};
  expr::KeyOf key(std::move(*by));
  if (mode != "wait") return std::make_unique<Shed>(std::move(options), std::move(key), mode == "fail");
  return std::make_unique<Pace>(std::move(options), std::move(key), !unordered,
                                arguments.count("--max-held").value_or(10'000));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool waits = arguments.text("--mode") == "wait";
  of.failures = arguments.given("--by") || arguments.given("--cost") ? "expr" : "";
  if (arguments.given("--cost")) of.failures += ", type, throttled";
  if (arguments.text("--mode") == "fail" && !arguments.given("--cost"))
    of.failures += of.failures.empty() ? "throttled" : ", throttled";
  if (arguments.given("--by")) of.memory = keys_bound(arguments, settings);
  of.clock = waits ? Explanation::Clock::wall : Explanation::Clock::stream;
  if (!waits) return;
  const bool unordered = arguments.flag("--unordered");
  of.memory += fmt::format("{}{}", of.memory.empty() ? "" : ", ",
                           unordered ? fmt::format("{} records (--max-held)", *arguments.count("--max-held"))
                                     : "one record; the reading waits");
  of.latency = "what the rate asks for";
  of.end = "what waits is waited for, in real time";
  if (!unordered) return;
  of.order = "kept within a key";
  of.varies.emplace_back("--unordered lets keys pass each other as the wall's clock has it");
}

}  // namespace

extern const Declaration throttle_stage;
const Declaration throttle_stage = {
    .name = "throttle",
    .section = "Per record, stateful",
    .summary = "keep to a rate by waiting, dropping or failing",
    .description =
        "A token bucket for each key: it holds --burst tokens and refills continuously at --rate; a record "
        "takes one, or what --cost says. A cost over "
        "the burst fails with kind throttled, one that is no number of 0 or more with kind type.\n\n"
        "Mode wait paces the outside on the wall's clock, also under --time. Order is kept: a waiting key "
        "holds the others, and reading stops "
        "meanwhile; with --unordered they pass, and reading stops at --max-held waiting records. What waits "
        "at the end of input is waited for.\n\n"
        "Modes drop and fail use the stream's clock. Beyond --max-keys the least recently used key is "
        "forgotten.",
    .options =
        {{.name = "--rate",
          .type = ValueType::rate,
          .metavar = "N/UNIT",
          .help = "so many records a unit of time: 50/s, 0.5/m"},
         {.name = "--burst",
          .type = ValueType::count,
          .metavar = "N",
          .help = "so many at once; by default one second's worth, at least 1"},
         {.name = "--mode",
          .type = ValueType::choice,
          .metavar = "wait|drop|fail",
          .help = "what to do with what is over the rate",
          .fallback = "wait",
          .choices = {"wait", "drop", "fail"}},
         {.name = "--cost",
          .type = ValueType::expression,
          .metavar = "EXPR",
          .help = "tokens that a record takes; 1 without it"},
         {.name = "--by", .type = ValueType::expression, .metavar = "EXPR", .help = "a rate for each key"},
         {.name = "--unordered", .help = "let other keys pass one that waits"},
         {.name = "--max-held",
          .type = ValueType::count,
          .metavar = "N",
          .help = "with --unordered: hold so many",
          .fallback = "10000"},
         {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "remember so many keys; 0 is no limit"}},
    .traits = {.timed = true},
    .examples = {{.title = "at most a thousand a second into what follows",
                  .words = "throttle --rate 1000/s",
                  .input = "1\n2\n3\n",
                  .output = "1\n2\n3\n"},
                 {.title = "drop what is over two a second, by the records' own time",
                  .words = "--time .ts throttle --rate 2/s --mode drop",
                  .input = "{\"ts\":1}\n{\"ts\":1.1}\n{\"ts\":1.2}\n{\"ts\":1.7}\n",
                  .output = "{\"ts\":1}\n{\"ts\":1.1}\n{\"ts\":1.7}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
