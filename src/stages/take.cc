#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/holding.h"
#include "core/kept.h"
#include "core/keyed.h"
#include "expr/argument.h"
#include "expr/condition.h"
#include "expr/key.h"

namespace sz {
namespace {

/// What take and skip count for one key: records so far, the time of the first, and whether the stretch is
/// over.
struct Stretch {
  std::uint64_t seen = 0;
  Time until = never;
  bool over = false;
};

/// The leading stretch of a stream (of each key): N records, while an expression holds, or for a time. take
/// passes it on, skip passes on what comes after it.
class Leading final : public Stage {
 public:
  struct Bound {
    std::optional<std::uint64_t> count;
    std::optional<expr::Program> condition;
    std::optional<Duration> span;
  };
  Leading(bool take, Bound bound, expr::KeyOf by, std::uint64_t max_keys)
      : take_(take),
        bound_(std::move(bound)),
        by_(std::move(by)),
        max_keys_(max_keys),
        done_(take && bound_.count == 0) {}

  void push(Record& record) override {
    enter();
    if (done_) return filter_out(record);
    const auto key = by_.keyed() ? by_(record.value(), clock(), record.line) : std::string_view();
    if (!key) return fail(record, FailureKind::expr, key.error());
    Stretch& stretch = by_.keyed() ? of(*key) : only_;
    if (!stretch.over) {
      const auto inside = belongs(record, stretch);
      if (!inside) return fail(record, FailureKind::expr, inside.error());
      stretch.over = !*inside;
    }
    const bool pass = stretch.over != take_;
    const bool last =
        take_ && !by_.keyed() && (stretch.over || (bound_.count && stretch.seen == *bound_.count));
    done_ |= last;
    if (pass)
      emit(record);
    else
      filter_out(record);
    if (last) pass_end();
  }

  Time due() const override { return take_ && !by_.keyed() && !done_ ? only_.until : never; }
  void tick(Time) override {
    done_ = true;
    pass_end();
  }
  bool done() const override { return done_; }

 private:
  Stretch& of(std::string_view key) {
    Keyed<Stretch>::Slot slot = keys_.find(key);
    if (slot == Keyed<Stretch>::none) {
      if (max_keys_ != 0 && keys_.size() >= max_keys_) {
        count_eviction(keys_.key(keys_.oldest()));
        keys_.erase(keys_.oldest());
      }
      slot = keys_.insert(key);
    }
    return keys_[slot];
  }

  std::expected<bool, expr::Error> belongs(Record& record, Stretch& stretch) {
    if (stretch.seen++ == 0 && bound_.span) stretch.until = clock() + *bound_.span;
    if (bound_.count) return stretch.seen <= *bound_.count;
    if (bound_.span) return clock() < stretch.until;
    return bound_.condition->truthy(record.value(), clock(), record.line);
  }

  bool take_;
  Bound bound_;
  expr::KeyOf by_;
  std::uint64_t max_keys_;
  bool done_;
  Stretch only_;
  Keyed<Stretch> keys_;
};

/// The last N records (of each key): take --last holds them and passes them on at the end, skip --last passes
/// on what they push out.
class Trailing final : public HoldingStage {
 public:
  Trailing(bool take, std::uint64_t n, expr::KeyOf by, std::uint64_t max_keys)
      : take_(take), n_(n), by_(std::move(by)), max_keys_(max_keys) {}

  void push(Record& record) override {
    enter();
    const auto key = by_.keyed() ? by_(record.value(), clock()) : std::string_view();
    if (!key) return fail(record, FailureKind::expr, key.error());
    std::deque<Last>& last = by_.keyed() ? of(*key) : only_;
    last.push_back({++sequence_, Kept(record, run().keep_originals), hold()});
    ++held_;
    if (last.size() <= n_) return;
    end_first(last, !take_);
  }
  bool gathers() const override { return true; }
  std::size_t held() const override { return held_; }
  void abandon() override {
    for (Last& last : take_all()) {
      Record record = last.kept.release(spare_);
      --held_;
      give_up(record);
    }
  }

 private:
  struct Last {
    std::uint64_t sequence;
    Kept kept;
    Hold hold;
  };
  using Queues = Keyed<std::unique_ptr<std::deque<Last>>>;

  // What a forgotten key holds is the last that is known of it.
  std::deque<Last>& of(std::string_view key) {
    Queues::Slot slot = keys_.find(key);
    if (slot != Queues::none) return *keys_[slot];
    if (max_keys_ != 0 && keys_.size() >= max_keys_) {
      evicted_.assign(keys_.key(keys_.oldest()));
      const std::unique_ptr<std::deque<Last>> early = std::move(keys_[keys_.oldest()]);
      keys_.erase(keys_.oldest());
      while (!early->empty()) end_first(*early, take_);
      count_eviction(evicted_);
    }
    slot = keys_.insert(key);
    keys_[slot] = std::make_unique<std::deque<Last>>();
    return *keys_[slot];
  }

  /// All that is held, in input order.
  std::deque<Last> take_all() {
    std::deque<Last> all = std::exchange(only_, {});
    while (keys_.size() != 0) {
      std::ranges::move(*keys_[keys_.oldest()], std::back_inserter(all));
      keys_.erase(keys_.oldest());
    }
    if (by_.keyed()) std::ranges::sort(all, {}, &Last::sequence);
    return all;
  }

  void finish() override {
    std::deque<Last> all = take_all();
    while (!all.empty()) end_first(all, take_);
  }

  void end_first(std::deque<Last>& from, bool pass) {
    Last oldest = std::move(from.front());
    from.pop_front();
    --held_;
    Record record = oldest.kept.release(spare_);
    let_go(oldest.hold, [&] {
      if (pass)
        emit(record);
      else
        filter_out(record);
    });
  }

  bool take_;
  std::uint64_t n_;
  expr::KeyOf by_;
  std::uint64_t max_keys_;
  std::deque<Last> only_;
  Queues keys_;
  std::size_t held_ = 0;
  std::uint64_t sequence_ = 0;
  std::string evicted_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings,
                                                       bool take) {
  const bool given[] = {arguments.given("N"), arguments.given("--while"), arguments.given("--for"),
                        arguments.given("--last")};
  if (const int bounds = given[0] + given[1] + given[2] + given[3]; bounds != 1)
    return std::unexpected(
        arguments.error(given[0] && given[1] ? "--while"
                        : given[2]           ? "--for"
                        : given[3]           ? "--last"
                                             : "",
                        fmt::format("{} {} one of N, --while EXPR, --for D and --last N",
                                    take ? "take" : "skip", bounds == 0 ? "needs" : "takes only"),
                        bounds == 0 ? fmt::format("for example: sz {} 10", take ? "take" : "skip") : ""));
  if (arguments.duration("--for") == Duration{})
    return std::unexpected(arguments.error("--for", "--for must be more than 0"));
  const std::uint64_t max_keys = arguments.count("--max-keys").value_or(settings.max_keys);
  auto condition = expr::compile_optional(arguments, "--while", settings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  if (auto checked = expr::check_condition(arguments, "--while"); !checked)
    return std::unexpected(std::move(checked.error()));
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  if (given[3])
    return std::make_unique<Trailing>(take, *arguments.count("--last"), expr::KeyOf(std::move(*by)),
                                      max_keys);
  return std::make_unique<Leading>(
      take, Leading::Bound{arguments.count("N"), std::move(*condition), arguments.duration("--for")},
      expr::KeyOf(std::move(*by)), max_keys);
}

std::expected<std::unique_ptr<Stage>, PlanError> build_take(const Arguments& arguments,
                                                            const Settings& settings) {
  return build(arguments, settings, true);
}
std::expected<std::unique_ptr<Stage>, PlanError> build_skip(const Arguments& arguments,
                                                            const Settings& settings) {
  return build(arguments, settings, false);
}

const std::vector<OptionDeclaration> options = {
    {.name = "--while",
     .type = ValueType::expression,
     .metavar = "EXPR",
     .help = "up to the first record for which EXPR does not hold"},
    {.name = "--for",
     .type = ValueType::duration,
     .metavar = "D",
     .help = "for so long after the first record"},
    {.name = "--last", .type = ValueType::count, .metavar = "N", .help = "the last N records"},
    {.name = "--by", .type = ValueType::expression, .metavar = "EXPR", .help = "count each key by itself"},
    {.name = "--max-keys",
     .type = ValueType::count,
     .metavar = "N",
     .help = "forget the least recently used key beyond so many"},
};

void explain(const Arguments& arguments, const Settings& settings, Explanation& of, bool take) {
  const bool by = arguments.given("--by"), last = arguments.given("--last");
  if (by || arguments.given("--while")) of.failures = "expr";
  if (last) {
    of.memory = fmt::format("{} records", *arguments.count("--last"));
    of.latency = take ? "up to the end of input" : fmt::format("{} records", *arguments.count("--last"));
    of.end = take ? "passes on what it holds, in input order" : "filters what it holds";
  }
  if (by) of.memory += fmt::format("{}{}", last ? " for each of " : "", keys_bound(arguments, settings));
  if (take && !last && !by) of.end = "comes when it is finished: the reading stops";
  if (arguments.given("--for")) of.clock = Explanation::Clock::stream;
}

void explain_take(const Arguments& arguments, const Settings& settings, Explanation& of) {
  explain(arguments, settings, of, true);
}
void explain_skip(const Arguments& arguments, const Settings& settings, Explanation& of) {
  explain(arguments, settings, of, false);
}

}  // namespace

extern const Declaration take_stage;
const Declaration take_stage = {
    .name = "take",
    .section = "Per record, stateful",
    .summary = "pass on the first records, or the last ones, and no others",
    .description =
        "Once it is finished, sz stops reading, unless a stage before it has an effect of its own. With --by "
        "each key is counted by itself "
        "and the reading goes on.\n\n"
        "--for counts from the first record's time, its end left out; --last holds N records (of each key) "
        "and "
        "passes them on at the end of input, in the order in which they came. Beyond --max-keys the least "
        "recently used key is forgotten; with --last its records are passed on early.",
    .positionals = {{.name = "N", .type = ValueType::count, .help = "how many records", .required = false}},
    .options = options,
    .traits = {.timed = true, .finishes = true},
    .examples =
        {{.title = "the first two records", .words = "take 2", .input = "1\n2\n3\n", .output = "1\n2\n"},
         {.title = "the first record of each user",
          .words = "take 1 --by .user",
          .input = "{\"user\":\"a\",\"n\":1}\n{\"user\":\"b\",\"n\":2}\n{\"user\":\"a\",\"n\":3}\n",
          .output = "{\"user\":\"a\",\"n\":1}\n{\"user\":\"b\",\"n\":2}\n"},
         {.title = "the first ten seconds of a recording",
          .words = "--time .ts take --for 10s",
          .input = "{\"ts\":100}\n{\"ts\":109.9}\n{\"ts\":110}\n",
          .output = "{\"ts\":100}\n{\"ts\":109.9}\n"}},
    .build = build_take,
    .explain = explain_take,
};

extern const Declaration skip_stage;
const Declaration skip_stage = {
    .name = "skip",
    .section = "Per record, stateful",
    .summary = "leave out the first records, or the last ones",
    .description =
        "What take would pass on is filtered, the rest passes.\n\n"
        "--for counts from the first record's time, its end left out; --last holds back N records (of each "
        "key) and filters them at the end of input. Beyond --max-keys the least recently used key is "
        "forgotten; with --last its records are filtered early.",
    .positionals = {{.name = "N", .type = ValueType::count, .help = "how many records", .required = false}},
    .options = options,
    .traits = {.timed = true},
    .examples = {{.title = "leave out a header record",
                  .words = "skip 1",
                  .input = "{\"version\":2}\n{\"n\":1}\n",
                  .output = "{\"n\":1}\n"},
                 {.title = "start at the first error",
                  .words = "skip --while '.level != \"error\"'",
                  .input = "{\"level\":\"info\"}\n{\"level\":\"error\"}\n{\"level\":\"info\"}\n",
                  .output = "{\"level\":\"error\"}\n{\"level\":\"info\"}\n"},
                 {.title = "all but the last record",
                  .words = "skip --last 1",
                  .input = "1\n2\n3\n",
                  .output = "1\n2\n"}},
    .build = build_skip,
    .explain = explain_skip,
};

}  // namespace sz
