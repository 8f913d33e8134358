#include <algorithm>
#include <memory>
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

namespace sz {
namespace {

struct Options {
  Duration quiet;
  std::optional<Duration> max_wait;
  bool leading = false, trailing = true;
  CountField count_field{std::nullopt};
  std::uint64_t max_keys = 0;
};

/// Lets one record stand for a burst of the same key: records less than --quiet apart. Half-open: a record
/// exactly --quiet after the last one begins a burst of its own.
class Debounce final : public HoldingStage {
 public:
  Debounce(Options options, expr::KeyOf by) : options_(std::move(options)), by_(std::move(by)) {}

  void push(Record& record) override {
    enter();
    if (!options_.count_field.takes(record))
      return fail(record, FailureKind::type, "--count-field needs an object");
    const auto key = by_.keyed() ? by_(record.value(), clock()) : std::string_view();
    if (!key) return fail(record, FailureKind::expr, key.error());
    Slot slot = bursts_.find(*key);
    const bool first = slot == Keyed<Burst>::none;
    if (first) slot = begin(*key);
    quiet_.set(slot, clock() + options_.quiet);
    Burst& burst = bursts_[slot];
    burst.sequence = ++sequence_;
    ++burst.count;
    if (first && options_.leading) return emit_counted(record, 1);
    if (!options_.trailing) return drop(record, "debounced");
    if (burst.last != nullptr) {
      Record gone = burst.last->release(spare_);
      drop(gone, "debounced");
      *burst.last = Kept(record, run().keep_originals);
      hold_anew(burst.hold);
    } else {
      burst.last = std::make_unique<Kept>(record, run().keep_originals);
      burst.hold = hold();
      ++held_;
    }
  }

  Time due() const override { return std::min(quiet_.due(), longest_.due()); }

  // Of those that end at the same instant, in order of their last records.
  void tick(Time t) override {
    std::vector<std::pair<Slot, std::string_view>> ended;
    const auto take_from = [&](SlotTimers& timers, SlotTimers& others, std::string_view reason) {
      while (timers.due() <= t) {
        const Slot slot = timers.take();
        others.cancel(slot);
        ended.emplace_back(slot, reason);
      }
    };
    take_from(quiet_, longest_, "quiet");
    take_from(longest_, quiet_, "max-wait");
    std::ranges::sort(ended, {}, [this](const auto& end) { return bursts_[end.first].sequence; });
    for (const auto& [slot, reason] : ended) end_burst(slot, reason);
  }

  void idle() override { end_all("idle"); }

  bool gathers() const override { return true; }
  std::size_t held() const override { return held_; }

  void abandon() override {
    for (Slot slot = bursts_.oldest(); slot != Keyed<Burst>::none; slot = bursts_.next(slot)) {
      if (bursts_[slot].last == nullptr) continue;
      const std::unique_ptr<Kept> last = take_last(bursts_[slot]);
      Record record = last->release(spare_);
      give_up(record);
    }
  }

 private:
  struct Burst {
    std::unique_ptr<Kept> last;  // empty as long as only the leading record has come
    std::uint64_t count = 0, sequence = 0;
    Hold hold = no_hold;  // of `last`
  };
  using Slot = Keyed<Burst>::Slot;

  void finish() override { end_all("end"); }

  Slot begin(std::string_view key) {
    if (options_.max_keys != 0 && bursts_.size() >= options_.max_keys) {
      end_burst(bursts_.oldest(), "keys");
      count_eviction(key_);
    }
    const Slot slot = bursts_.insert(key);
    if (options_.max_wait) longest_.set(slot, clock() + *options_.max_wait);
    return slot;
  }

  // The least recently used key is the one whose last record is oldest.
  void end_all(std::string_view reason) {
    while (bursts_.size() != 0) end_burst(bursts_.oldest(), reason);
  }

  std::unique_ptr<Kept> take_last(Burst& burst) {
    --held_;
    return std::move(burst.last);
  }

  void end_burst(Slot slot, std::string_view reason) {
    Burst burst = std::move(bursts_[slot]);
    key_.assign(bursts_.key(slot));
    bursts_.erase(slot);
    quiet_.cancel(slot);
    longest_.cancel(slot);
    if (events()) tell(burst.count, reason);
    if (burst.last == nullptr) return;
    const std::unique_ptr<Kept> last = take_last(burst);
    Record record = last->release(spare_);
    let_go(burst.hold, [&] { emit_counted(record, burst.count - (options_.leading ? 1 : 0)); });
  }

  void tell(std::uint64_t count, std::string_view reason) {
    if (by_.keyed())
      event("group_closed", {{"reason", reason}, {"count", count}, {"key", JsonText{key_}}});
    else
      event("group_closed", {{"reason", reason}, {"count", count}});
  }

  void emit_counted(Record& record, std::uint64_t count) {
    if (!options_.count_field) return emit(record);
    Record instead = options_.count_field.counted(record, count);
    emit_instead(record, instead);
  }

  Options options_;
  expr::KeyOf by_;
  Keyed<Burst> bursts_;
  SlotTimers quiet_, longest_;
  std::uint64_t sequence_ = 0;
  std::size_t held_ = 0;
  std::string key_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  const auto quiet = arguments.duration("--quiet");
  if (!quiet)
    return std::unexpected(arguments.error("", "debounce needs --quiet D", "for example --quiet 5s"));
  Options options{.quiet = *quiet,
                  .max_wait = arguments.duration("--max-wait"),
                  .leading = arguments.flag("--leading"),
                  .trailing = !arguments.flag("--no-trailing"),
                  .count_field = CountField(arguments.text("--count-field")),
                  .max_keys = arguments.count("--max-keys").value_or(settings.max_keys)};
  for (const std::string_view name : {"--quiet", "--max-wait"})
    if (arguments.duration(name) == Duration{})
      return std::unexpected(arguments.error(name, std::string(name) + " must be more than 0"));
  if (!options.trailing && !options.leading)
    return std::unexpected(arguments.error("--no-trailing", "--no-trailing needs --leading",
                                           "without either no record would come out"));
  if (!options.trailing && options.count_field)
    return std::unexpected(arguments.error("--count-field", "--count-field does not go with --no-trailing",
                                           "the first record of a burst leaves before the others have come"));
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  return std::make_unique<Debounce>(std::move(options), expr::KeyOf(std::move(*by)));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  if (arguments.given("--by")) of.failures = "expr";
  of.memory =
      arguments.given("--by") ? "a record for each of " + keys_bound(arguments, settings) : "one record";
  of.latency = arguments.given("--max-wait")
                   ? fmt::format("{} after the burst (--quiet), {} in all (--max-wait)",
                                 duration_text(arguments, "--quiet"), duration_text(arguments, "--max-wait"))
                   : fmt::format("{} after the burst (--quiet)", duration_text(arguments, "--quiet"));
  if (arguments.flag("--no-trailing")) of.latency.clear();
  of.clock = Explanation::Clock::stream;
  of.end = "open bursts end";
}

}  // namespace

extern const Declaration debounce_stage;
const Declaration debounce_stage = {
    .name = "debounce",
    .section = "Per record, stateful",
    .summary = "pass on one record for each burst",
    .description =
        "A burst is made of records that come less than --quiet apart on the stream's clock. Its last record "
        "comes out once it has been quiet for so long; the others are dropped with reason debounced. With "
        "--leading the first record comes out at once as well, and the last one only if it is another; "
        "--no-trailing leaves that out.\n\n"
        "--max-wait ends a burst so long after its first record, even if it goes on; the next record begins "
        "another burst. With --by every key has bursts of its own. At the end of input the bursts that are "
        "open end, in order of their last records. Beyond --max-keys the burst of the least recently used "
        "key ends early.\n\n"
        "With --count-field the record says how many it stands for; a leading one stands for itself.",
    .options =
        {{.name = "--quiet",
          .type = ValueType::duration,
          .metavar = "D",
          .help = "a burst ends when nothing came for so long"},
         {.name = "--leading", .help = "pass on the first record of a burst at once"},
         {.name = "--no-trailing", .help = "with --leading: do not pass on the last record"},
         {.name = "--max-wait",
          .type = ValueType::duration,
          .metavar = "D",
          .help = "end a burst so long after its first record"},
         {.name = "--count-field",
          .type = ValueType::text,
          .metavar = "F",
          .help = "say in field F how many records this one stands for"},
         {.name = "--by", .type = ValueType::expression, .metavar = "EXPR", .help = "bursts for each key"},
         {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "so many open bursts; 0 is no limit"}},
    .traits = {.timed = true},
    .examples = {{.title = "the last state of each file once nobody has touched it for 2 s",
                  .words = "--time .ts debounce --quiet 2s --by .file",
                  .input = "{\"ts\":0,\"file\":\"a\",\"n\":1}\n{\"ts\":1.5,\"file\":\"a\",\"n\":2}\n"
                           "{\"ts\":3,\"file\":\"b\",\"n\":3}\n{\"ts\":3.5,\"file\":\"a\",\"n\":4}\n",
                  .output = "{\"ts\":1.5,\"file\":\"a\",\"n\":2}\n{\"ts\":3,\"file\":\"b\",\"n\":3}\n"
                            "{\"ts\":3.5,\"file\":\"a\",\"n\":4}\n"},
                 {.title = "an alarm at once, and at its end how many more there were",
                  .words = "--time .ts debounce --quiet 1m --leading --count-field n",
                  .input = "{\"ts\":0}\n{\"ts\":10}\n{\"ts\":20}\n{\"ts\":500}\n",
                  .output = "{\"ts\":0,\"n\":1}\n{\"ts\":20,\"n\":2}\n{\"ts\":500,\"n\":1}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
