#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/hash.h"
#include "core/holding.h"
#include "core/kept.h"
#include "core/keyed.h"
#include "core/reservoir.h"
#include "expr/argument.h"
#include "expr/key.h"

namespace sz {
namespace {

/// What all ways share: the key, and --max-keys.
class Sample : public HoldingStage {
 public:
  Sample(expr::KeyOf by, std::uint64_t max_keys) : by_(std::move(by)), max_keys_(max_keys) {}

 protected:
  /// Empty text without --by. Where there is no key the record has failed.
  std::optional<std::string_view> key_or_fail(Record& record) {
    if (!by_.keyed()) return std::string_view();
    const auto key = by_(record.value(), clock());
    if (key) return *key;
    fail(record, FailureKind::expr, key.error());
    return std::nullopt;
  }
  bool keyed() const { return by_.keyed(); }
  bool full(std::size_t keys) const { return max_keys_ != 0 && keys >= max_keys_; }

  void pass(Record& record, bool picked) {
    if (picked)
      emit(record);
    else
      filter_out(record);
  }

 private:
  expr::KeyOf by_;
  std::uint64_t max_keys_;
};

/// --rate: a hash of the key, or of the record's number, under the share of all hashes.
class ByRate final : public Sample {
 public:
  ByRate(expr::KeyOf by, double share, std::uint64_t seed)
      : Sample(std::move(by), 0), all_(share >= 1), bound_(all_ ? 0 : bound(share)), seed_(seed) {}

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    pass(record, all_ || (keyed() ? seeded_hash(*key, seed_) : seeded_hash(++number_, seed_)) < bound_);
  }

 private:
  static std::uint64_t bound(double share) { return static_cast<std::uint64_t>(std::ldexp(share, 64)); }

  bool all_;
  std::uint64_t bound_, seed_, number_ = 0;
};

/// --nth: the first, then one after N - 1 others.
class ByCount final : public Sample {
 public:
  ByCount(expr::KeyOf by, std::uint64_t max_keys, std::uint64_t nth)
      : Sample(std::move(by), max_keys), nth_(nth) {}

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    std::uint64_t& since = of(*key);
    const bool picked = since == 0;
    if (++since == nth_) since = 0;
    pass(record, picked);
  }

 private:
  std::uint64_t& of(std::string_view key) {
    if (!keyed()) return only_;
    Keyed<std::uint64_t>::Slot slot = counts_.find(key);
    if (slot == Keyed<std::uint64_t>::none) {
      if (full(counts_.size())) {
        count_eviction(counts_.key(counts_.oldest()));
        counts_.erase(counts_.oldest());
      }
      slot = counts_.insert(key);
    }
    return counts_[slot];
  }

  std::uint64_t nth_, only_ = 0;
  Keyed<std::uint64_t> counts_;
};

/// --per: the first, then the first one that comes so long after it.
class ByTime final : public Sample {
 public:
  ByTime(expr::KeyOf by, std::uint64_t max_keys, Duration per) : Sample(std::move(by), max_keys), per_(per) {}

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    Time& next = of(*key);
    const bool picked = clock() >= next;
    if (picked) next = clock() + per_;
    pass(record, picked);
  }

 private:
  Time& of(std::string_view key) {
    if (!keyed()) return only_;
    Keyed<Rest>::Slot slot = rests_.find(key);
    if (slot == Keyed<Rest>::none) {
      forget_expired();
      if (full(rests_.size())) {
        count_eviction(rests_.key(rests_.oldest()));
        rests_.erase(rests_.oldest());
      }
      slot = rests_.insert(key);
    }
    return rests_[slot].until;
  }

  // Two for each new key are enough to keep up with the stream.
  void forget_expired() {
    for (int i = 0; i < 2 && rests_.size() != 0 && rests_[rests_.oldest()].until <= clock(); ++i)
      rests_.erase(rests_.oldest());
  }

  struct Rest {
    Time until = Time::min();
  };
  Duration per_;
  Time only_ = Time::min();
  Keyed<Rest> rests_;
};

/// --reservoir: holds K of each key, each record with the same chance.
class ByReservoir final : public Sample {
 public:
  ByReservoir(expr::KeyOf by, std::uint64_t max_keys, std::uint64_t places, std::uint64_t seed)
      : Sample(std::move(by), max_keys), places_(places), seed_(seed) {}

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    ++sequence_;
    Chosen& chosen = of(*key);
    const auto place = chosen.reservoir.next(places_);
    if (!place) return filter_out(record);
    if (*place == chosen.held.size()) {
      chosen.held.push_back({sequence_, Kept(record, run().keep_originals), hold()});
      ++held_;
      return;
    }
    Place& taken = chosen.held[*place];
    Record gone = taken.kept.release(spare_);
    filter_out(gone);
    const Hold before = taken.hold;
    taken = {sequence_, Kept(record, run().keep_originals), hold()};
    forget(before);
  }

  void idle() override { finish(); }
  bool gathers() const override { return true; }
  std::size_t held() const override { return held_; }

  void abandon() override {
    for (Place& place : take_all()) {
      Record record = place.kept.release(spare_);
      --held_;
      give_up(record);
    }
  }

 private:
  struct Place {
    std::uint64_t sequence;
    Kept kept;
    Hold hold;
  };
  struct Chosen {
    Reservoir reservoir{0};
    std::vector<Place> held;
  };
  using Slot = Keyed<Chosen>::Slot;

  // The key is part of the chance, so that keys with as many records do not give the same places.
  Chosen& of(std::string_view key) {
    Slot slot = chosen_.find(key);
    if (slot != Keyed<Chosen>::none) return chosen_[slot];
    if (full(chosen_.size())) {
      evicted_.assign(chosen_.key(chosen_.oldest()));
      std::vector<Place> early = std::move(chosen_[chosen_.oldest()].held);
      chosen_.erase(chosen_.oldest());
      std::ranges::sort(early, {}, &Place::sequence);
      pass_on(std::move(early));
      count_eviction(evicted_);
    }
    slot = chosen_.insert(key);
    chosen_[slot].reservoir = Reservoir(keyed() ? seeded_hash(key, seed_) : seed_);
    return chosen_[slot];
  }

  std::vector<Place> take_all() {
    std::vector<Place> all;
    all.reserve(held_);
    while (chosen_.size() != 0) {
      std::ranges::move(chosen_[chosen_.oldest()].held, std::back_inserter(all));
      chosen_.erase(chosen_.oldest());
    }
    std::ranges::sort(all, {}, &Place::sequence);
    return all;
  }

  void pass_on(std::vector<Place> places) {
    for (Place& place : places) {
      Record record = place.kept.release(spare_);
      --held_;
      let_go(place.hold, [&] { emit(record); });
    }
  }

  void finish() override { pass_on(take_all()); }

  std::uint64_t places_, seed_;
  std::uint64_t sequence_ = 0;
  std::size_t held_ = 0;
  Keyed<Chosen> chosen_;
  std::string evicted_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  constexpr std::string_view ways[] = {"--rate", "--nth", "--reservoir", "--per"};
  std::string_view way, second;
  for (const std::string_view name : ways)
    if (arguments.given(name)) (way.empty() ? way : second) = name;
  if (way.empty() || !second.empty())
    return std::unexpected(
        arguments.error(second, "sample needs one of --rate SHARE, --nth N, --reservoir K and --per D"));
  for (const std::string_view name : {"--nth", "--reservoir"})
    if (arguments.count(name) == 0)
      return std::unexpected(arguments.error(name, std::string(name) + " must be at least 1"));
  if (arguments.duration("--per") == Duration{})
    return std::unexpected(arguments.error("--per", "--per must be more than 0"));
  if (arguments.given("--seed") && way != "--rate" && way != "--reservoir")
    return std::unexpected(arguments.error("--seed", "--seed goes with --rate and --reservoir",
                                           std::string(way) + " leaves nothing to chance"));
  if (arguments.given("--max-keys") && way == "--rate")
    return std::unexpected(
        arguments.error("--max-keys", "--max-keys does not go with --rate", "it remembers no keys"));
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  expr::KeyOf key(std::move(*by));
  const std::uint64_t max_keys = arguments.count("--max-keys").value_or(settings.max_keys);
  const std::uint64_t seed = arguments.count("--seed").value_or(settings.seed);
  if (way == "--rate") return std::make_unique<ByRate>(std::move(key), *arguments.share("--rate"), seed);
  if (way == "--nth") return std::make_unique<ByCount>(std::move(key), max_keys, *arguments.count("--nth"));
  if (way == "--per") return std::make_unique<ByTime>(std::move(key), max_keys, *arguments.duration("--per"));
  return std::make_unique<ByReservoir>(std::move(key), max_keys, *arguments.count("--reservoir"), seed);
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool by = arguments.given("--by"), kept = arguments.given("--reservoir");
  if (by) of.failures = "expr";
  if (kept) {
    of.memory = fmt::format("{} records", *arguments.count("--reservoir"));
    of.latency = "up to the end of input";
    of.end = "passes on what it holds, in input order";
  }
  if (by && !arguments.given("--rate"))
    of.memory += fmt::format("{}{}", kept ? " for each of " : "", keys_bound(arguments, settings));
  if (arguments.given("--per")) of.clock = Explanation::Clock::stream;
}

}  // namespace

extern const Declaration sample_stage;
const Declaration sample_stage = {
    .name = "sample",
    .section = "Per record, stateful",
    .summary = "pass on some of the records",
    .description =
        "--rate passes a share of the records. With --by it is a share of the keys, all records of a key or "
        "none: the choice is a hash of the key and --seed, so every host with the same seed picks the same "
        "keys, and what a smaller share picks a larger one picks too. Without --by the record's number at "
        "this stage stands for the key.\n\n"
        "--nth N passes the first record and then every Nth after it. --per D passes the first record and "
        "then the next that comes D or more after the last one passed, on the stream's clock. --reservoir K "
        "holds K records, each with the same chance whatever their number, and passes them on at the end of "
        "input in the order in which they came. With --by these count each key by itself.\n\n"
        "What is not passed on is filtered. Beyond --max-keys the least recently used key is forgotten; with "
        "--reservoir its records are passed on early.",
    .options =
        {{.name = "--rate",
          .type = ValueType::share,
          .metavar = "SHARE",
          .help = "this share of the records or keys"},
         {.name = "--nth", .type = ValueType::count, .metavar = "N", .help = "one of N, the first first"},
         {.name = "--reservoir",
          .type = ValueType::count,
          .metavar = "K",
          .help = "K of all, at the end of input"},
         {.name = "--per", .type = ValueType::duration, .metavar = "D", .help = "one in each D"},
         {.name = "--by",
          .type = ValueType::expression,
          .metavar = "EXPR",
          .help = "the key; a missing one is null"},
         {.name = "--seed",
          .type = ValueType::count,
          .metavar = "N",
          .help = "another N, another choice; wins over the global one"},
         {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "remember so many keys; 0 is no limit"}},
    .traits = {.timed = true},
    .examples = {{.title = "every third record",
                  .words = "sample --nth 3",
                  .input = "1\n2\n3\n4\n5\n",
                  .output = "1\n4\n"},
                 {.title = "half of the users, and all of their records",
                  .words = "sample --rate 1/2 --by .user",
                  .input = "{\"user\":\"a\"}\n{\"user\":\"b\"}\n{\"user\":\"c\"}\n{\"user\":\"a\"}\n",
                  .output = "{\"user\":\"a\"}\n{\"user\":\"c\"}\n{\"user\":\"a\"}\n"},
                 {.title = "two of all lines, the same two each time",
                  .words = "sample --reservoir 2 --seed 7",
                  .input = "1\n2\n3\n4\n5\n6\n",
                  .output = "2\n5\n"},
                 {.title = "one reading a minute",
                  .words = "--time .ts sample --per 1m",
                  .input = "{\"ts\":0}\n{\"ts\":59.9}\n{\"ts\":75}\n{\"ts\":134}\n{\"ts\":135}\n",
                  .output = "{\"ts\":0}\n{\"ts\":75}\n{\"ts\":135}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
