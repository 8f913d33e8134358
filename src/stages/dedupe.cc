#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/count_field.h"
#include "core/holding.h"
#include "core/kept.h"
#include "core/keyed.h"
#include "core/slot_timers.h"
#include "expr/argument.h"
#include "expr/key.h"
#include "json/write.h"

namespace sz {
namespace {

constexpr std::string_view duplicate = "duplicate";

struct Options {
  std::optional<Duration> ttl;
  bool adjacent = false;
  bool refresh = false;
  CountField count_field;
  std::uint64_t max_keys = 0;
};

/// What both kinds share: the key and the count field.
class Dedupe : public HoldingStage {
 public:
  Dedupe(Options options, expr::KeyOf by) : options_(std::move(options)), by_(std::move(by)) {}

 protected:
  /// The key of a record that can be taken; otherwise the record has failed and nothing is returned.
  std::optional<std::string_view> key_or_fail(Record& record) {
    if (!options_.count_field.takes(record)) {
      fail(record, FailureKind::type, "--count-field needs an object");
      return std::nullopt;
    }
    if (!by_.keyed()) {
      whole_.clear();
      json::append_canonical(whole_, record.value());
      return whole_;
    }
    const auto key = by_(record.value(), clock(), record.line);
    if (key) return *key;
    fail(record, FailureKind::expr, key.error());
    return std::nullopt;
  }

  void emit_counted(Record& record, std::uint64_t count) {
    if (!options_.count_field) return emit(record);
    Record instead = options_.count_field.counted(record, count);
    emit_instead(record, instead);
  }

  Time expiry() const { return options_.ttl ? clock() + *options_.ttl : never; }
  const Options& options() const { return options_; }
  bool full(std::size_t keys) const { return options_.max_keys != 0 && keys >= options_.max_keys; }

 private:
  Options options_;
  expr::KeyOf by_;
  std::string whole_;
};

/// Passes the first record of a key on and drops all others. It remembers the keys and nothing else: there
/// may be millions of them.
class Once final : public Dedupe {
 public:
  using Dedupe::Dedupe;

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    if (keys_.find(*key) != Keyed<Nothing>::none) return drop(record, duplicate);
    if (full(keys_.size())) {
      count_eviction(keys_.key(keys_.oldest()));
      keys_.erase(keys_.oldest());
    }
    keys_.insert(*key);
    emit(record);
  }

 private:
  struct Nothing {};
  Keyed<Nothing> keys_;
};

/// The end of a TTL and what was dropped in it, for one key.
class Seen {
 public:
  Time until() const { return std::bit_cast<Time>(until_); }
  void set_until(Time t) { until_ = std::bit_cast<Words>(t); }
  std::uint64_t dropped = 0;

 private:
  using Words = std::array<std::uint64_t, 2>;  // a Time, without its alignment to 16 bytes
  Words until_ = std::bit_cast<Words>(Time::min());
};

/// Passes the first record of a key on at once and drops the others until the TTL ends, or another key comes
/// (adjacent).
class KeepFirst final : public Dedupe {
 public:
  using Dedupe::Dedupe;

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    Seen& seen = state(*key);
    const bool again = clock() < seen.until();
    if (!again || options().refresh) seen.set_until(expiry());
    if (again) {
      ++seen.dropped;
      return drop(record, duplicate);
    }
    emit_counted(record, 1 + std::exchange(seen.dropped, 0));
  }

 private:
  Seen& state(std::string_view key) {
    if (options().adjacent) {
      if (previous_ != key) {
        previous_.assign(key);
        adjacent_ = {};
      }
      return adjacent_;
    }
    Keyed<Seen>::Slot slot = keys_.find(key);
    if (slot != Keyed<Seen>::none) return keys_[slot];
    forget_expired();
    if (full(keys_.size())) {
      count_eviction(keys_.key(keys_.oldest()));
      keys_.erase(keys_.oldest());
    }
    return keys_[keys_.insert(key)];
  }

  // Two for each new key are enough to keep up with the stream.
  void forget_expired() {
    for (int i = 0; i < 2 && keys_.size() != 0; ++i) {
      const Seen& oldest = keys_[keys_.oldest()];
      if (clock() < oldest.until() || (options().count_field && oldest.dropped != 0)) return;
      keys_.erase(keys_.oldest());
    }
  }

  Keyed<Seen> keys_;
  std::string previous_;
  Seen adjacent_;
};

/// Holds the latest record of each key until its TTL ends, another key comes (adjacent) or the input ends.
class KeepLast final : public Dedupe {
 public:
  using Dedupe::Dedupe;

  void push(Record& record) override {
    enter();
    const auto key = key_or_fail(record);
    if (!key) return;
    Slot slot = keys_.find(*key);
    if (slot == Keyed<Held>::none) {
      if (options().adjacent && keys_.size() != 0) pass_on(keys_.oldest());
      if (full(keys_.size())) {
        evicted_.assign(keys_.key(keys_.oldest()));
        pass_on(keys_.oldest());
        count_eviction(evicted_);
      }
      slot = keys_.insert(*key);
      keys_[slot].hold = hold();
      set_expiry(slot);
    } else {
      Kept replaced = std::move(*std::exchange(keys_[slot].last, nullptr));
      Record gone = replaced.release(spare_);
      drop(gone, duplicate);
      hold_anew(keys_[slot].hold);
      if (options().refresh) set_expiry(slot);
    }
    Held& held = keys_[slot];
    held.last = std::make_unique<Kept>(record, run().keep_originals);
    held.sequence = ++sequence_;
    ++held.count;
  }

  Time due() const override { return timers_.due(); }

  // Of those that end at the same instant, in order of last occurrence.
  void tick(Time t) override {
    std::vector<Slot> ended;
    while (timers_.due() <= t) ended.push_back(timers_.take());
    std::ranges::sort(ended, {}, [this](Slot slot) { return keys_[slot].sequence; });
    for (const Slot slot : ended) pass_on(slot);
  }

  void idle() override { finish(); }

  bool gathers() const override { return true; }
  std::size_t held() const override { return keys_.size(); }

  void abandon() override {
    while (keys_.size() != 0) {
      Kept kept = take_out(keys_.oldest());
      Record record = kept.release(spare_);
      give_up(record);
    }
  }

 private:
  struct Held {
    std::unique_ptr<Kept> last;
    std::uint64_t count = 0, sequence = 0;
    Hold hold = no_hold;
  };
  using Slot = Keyed<Held>::Slot;
  void finish() override {
    while (keys_.size() != 0) pass_on(keys_.oldest());
  }

  void set_expiry(Slot slot) {
    if (options().ttl) timers_.set(slot, expiry());
  }

  Kept take_out(Slot slot) {
    Kept kept = std::move(*keys_[slot].last);
    timers_.cancel(slot);
    keys_.erase(slot);
    return kept;
  }
  void pass_on(Slot slot) {
    const std::uint64_t count = keys_[slot].count;
    const Hold hold_of = keys_[slot].hold;
    Kept kept = take_out(slot);
    Record record = kept.release(spare_);
    let_go(hold_of, [&] { emit_counted(record, count); });
  }

  Keyed<Held> keys_;
  SlotTimers timers_;
  std::uint64_t sequence_ = 0;
  std::string evicted_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto by = expr::compile_optional(arguments, "--by", settings);
  if (!by) return std::unexpected(std::move(by.error()));
  if (arguments.given("--max-keys") && arguments.given("--adjacent"))
    return std::unexpected(
        arguments.error("--max-keys", "--max-keys does not go with --adjacent", "it remembers one record"));
  const bool last = arguments.text("--keep") == "last";
  Options options{.ttl = arguments.duration("--ttl"),
                  .adjacent = arguments.flag("--adjacent"),
                  .refresh = arguments.flag("--refresh"),
                  .count_field = CountField(arguments.text("--count-field")),
                  .max_keys = arguments.count("--max-keys").value_or(settings.max_keys)};
  if (options.ttl == Duration{})
    return std::unexpected(arguments.error("--ttl", "--ttl must be more than 0"));
  if (options.refresh && !options.ttl)
    return std::unexpected(arguments.error("--refresh", "--refresh needs --ttl D"));
  if (options.count_field && !last && !options.ttl)
    return std::unexpected(arguments.error("--count-field", "--count-field needs --ttl D or --keep last",
                                           "the first record of a key leaves before the others have come"));
  if (last) return std::make_unique<KeepLast>(std::move(options), expr::KeyOf(std::move(*by)));
  if (!options.ttl && !options.adjacent)
    return std::make_unique<Once>(std::move(options), expr::KeyOf(std::move(*by)));
  return std::make_unique<KeepFirst>(std::move(options), expr::KeyOf(std::move(*by)));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool last = arguments.text("--keep") == "last", ttl = arguments.given("--ttl");
  if (arguments.given("--by")) of.failures = "expr";
  of.memory = arguments.flag("--adjacent") ? std::string("one key") : keys_bound(arguments, settings);
  if (ttl) {
    of.clock = Explanation::Clock::stream;
    of.memory += fmt::format(", each for {} (--ttl)", duration_text(arguments, "--ttl"));
  }
  if (!last) return;
  of.memory += ", a record with each";
  of.order = "by last occurrence";
  of.latency = ttl ? duration_text(arguments, "--ttl") + " (--ttl)" : "up to the end of input";
  of.end = "passes on what it holds";
}

}  // namespace

extern const Declaration dedupe_stage;
const Declaration dedupe_stage = {
    .name = "dedupe",
    .section = "Per record, stateful",
    .summary = "drop records that were there before",
    .description =
        "Records are the same if --by gives the same key, or, without --by, if they are equal as JSON "
        "whatever their spacing and the order of their members. Numbers are the same by value, integers by "
        "all their digits. "
        "Others are dropped with reason duplicate.\n\n"
        "A key is remembered for --ttl on the stream's clock, from the record that was passed on (with "
        "--refresh from the last one seen), else to the end "
        "of input. --keep last holds the latest record of each key until then, and at the end of input "
        "passes the records on in order of last occurrence.\n\n"
        "Beyond --max-keys the least recently used key is forgotten; with --keep last its record is passed "
        "on early.",
    .options =
        {{.name = "--by",
          .type = ValueType::expression,
          .metavar = "EXPR",
          .help = "the key; a missing one is null"},
         {.name = "--ttl", .type = ValueType::duration, .metavar = "D", .help = "forget a key after so long"},
         {.name = "--adjacent", .help = "compare only with the record before, as uniq does"},
         {.name = "--keep",
          .type = ValueType::choice,
          .metavar = "first|last",
          .help = "which record of a key to pass on",
          .fallback = "first",
          .choices = {"first", "last"}},
         {.name = "--refresh", .help = "count the TTL from the last record of the key"},
         {.name = "--count-field",
          .type = ValueType::text,
          .metavar = "F",
          .help = "say in field F how many records this one stands for"},
         {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "remember so many keys; 0 is no limit"}},
    .traits = {.timed = true},
    .examples = {{.title = "each user once",
                  .words = "dedupe --by .user",
                  .input = "{\"user\":\"a\",\"n\":1}\n{\"user\":\"b\",\"n\":2}\n{\"user\":\"a\",\"n\":3}\n",
                  .output = "{\"user\":\"a\",\"n\":1}\n{\"user\":\"b\",\"n\":2}\n"},
                 {.title = "the last state of each host, and how many reports it stands for",
                  .words = "dedupe --by .host --keep last --count-field n",
                  .input =
                      "{\"host\":\"x\",\"up\":1}\n{\"host\":\"y\",\"up\":1}\n{\"host\":\"x\",\"up\":0}\n",
                  .output = "{\"host\":\"y\",\"up\":1,\"n\":1}\n{\"host\":\"x\",\"up\":0,\"n\":2}\n"},
                 {.title = "the same alarm at most once in five minutes",
                  .words = "--time .ts dedupe --by .alarm --ttl 5m",
                  .input = "{\"ts\":0,\"alarm\":\"disk\"}\n{\"ts\":299,\"alarm\":\"disk\"}\n{\"ts\":300,"
                           "\"alarm\":\"disk\"}\n",
                  .output = "{\"ts\":0,\"alarm\":\"disk\"}\n{\"ts\":300,\"alarm\":\"disk\"}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
