#include <deque>
#include <utility>

#include "core/kept.h"
#include "core/keyed.h"
#include "core/stage.h"
#include "expr/argument.h"
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

/// The last N records: take --last holds them and passes them on at the end, skip --last passes on what they
/// push out.
class Trailing final : public Stage {
 public:
  Trailing(bool take, std::uint64_t n) : take_(take), n_(n) {}

  void push(Record& record) override {
    enter();
    held_.emplace_back(record, run().keep_originals);
    if (held_.size() <= n_) return;
    let_go(!take_);
  }
  std::size_t held() const override { return held_.size(); }
  void abandon() override {
    while (!held_.empty()) {
      Kept oldest = take_oldest();
      Record record = oldest.release(spare_);
      give_up(record);
    }
  }

 private:
  void finish() override {
    while (!held_.empty()) let_go(take_);
  }

  Kept take_oldest() {
    Kept oldest = std::move(held_.front());
    held_.pop_front();
    return oldest;
  }
  void let_go(bool pass) {
    Kept oldest = take_oldest();
    Record record = oldest.release(spare_);
    if (pass)
      emit(record);
    else
      filter_out(record);
  }

  bool take_;
  std::uint64_t n_;
  std::deque<Kept> held_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings,
                                                       bool take) {
  const bool given[] = {arguments.given("N"), arguments.given("--while"), arguments.given("--for"),
                        arguments.given("--last")};
  if (given[0] + given[1] + given[2] + given[3] != 1)
    return std::unexpected(arguments.error(given[0] && given[1] ? "--while"
                                           : given[2]           ? "--for"
                                           : given[3]           ? "--last"
                                                                : "",
                                           take ? "take needs one of N, --while EXPR, --for D and --last N"
                                                : "skip needs one of N, --while EXPR, --for D and --last N"));
  if (arguments.duration("--for") == Duration{})
    return std::unexpected(arguments.error("--for", "--for must be more than 0"));
  if (given[3]) {
    for (const std::string_view name : {"--by", "--max-keys"})
      if (arguments.given(name))
        return std::unexpected(arguments.error(name, std::string(name) + " does not go with --last"));
    return std::make_unique<Trailing>(take, *arguments.count("--last"));
  }
  auto condition = expr::compile_optional(arguments, "--while", settings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  auto by = expr::compile_optional(arguments, "--by", settings);
  if (!by) return std::unexpected(std::move(by.error()));
  return std::make_unique<Leading>(
      take, Leading::Bound{arguments.count("N"), std::move(*condition), arguments.duration("--for")},
      expr::KeyOf(std::move(*by)), arguments.count("--max-keys").value_or(settings.max_keys));
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

}  // namespace

extern const Declaration take_stage;
const Declaration take_stage = {
    .name = "take",
    .section = "Per record, with memory",
    .summary = "pass on the first records, or the last ones, and no others",
    .description =
        "Once it is finished, sz stops reading, unless a stage before it has an effect of its own. With --by "
        "each key is counted by itself "
        "and the reading goes on.\n\n"
        "--for counts from the first record's time, its end left out; --last holds N records and passes them "
        "on at the end of input.",
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
};

extern const Declaration skip_stage;
const Declaration skip_stage = {
    .name = "skip",
    .section = "Per record, with memory",
    .summary = "leave out the first records, or the last ones",
    .description =
        "What take would pass on is filtered, the rest passes.\n\n"
        "--for counts from the first record's time, its end left out; --last holds back N records and "
        "filters them at the end of input.",
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
};

}  // namespace sz
