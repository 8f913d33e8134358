#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/group.h"
#include "core/holding.h"
#include "core/keyed.h"
#include "core/slot_timers.h"
#include "expr/argument.h"
#include "expr/condition.h"
#include "expr/key.h"

namespace sz {
namespace {

struct Options {
  std::uint64_t size = 0;   // 0: no bound
  std::uint64_t bytes = 0;  // 0: no bound
  std::optional<Duration> every;
  std::optional<expr::Program> until;
  bool wrap = false;
  std::uint64_t max_keys = 0;
};

class Batch final : public HoldingStage {
 public:
  Batch(Options options, expr::KeyOf by) : options_(std::move(options)), by_(std::move(by)) {}

  void push(Record& record) override {
    enter();
    const auto key = by_.keyed() ? by_(record.value(), clock(), record.line) : std::string_view();
    if (!key) return fail(record, FailureKind::expr, key.error());
    bool last = false;
    if (options_.until) {
      const auto matches = options_.until->truthy(record.value(), clock(), record.line);
      if (!matches) return fail(record, FailureKind::expr, matches.error());
      last = *matches;
    }
    const std::string_view text = record.value_text();
    Slot slot = by_.keyed() ? open_.find(*key) : only_;
    if (slot != Keyed<Open>::none && options_.bytes != 0 &&
        open_[slot].bytes + text.size() > options_.bytes) {
      cut(slot, "bytes");
      slot = Keyed<Open>::none;
    }
    if (slot == Keyed<Open>::none) slot = begin(*key);
    Open& batch = open_[slot];
    add(batch, record, text);
    if (batch.group->size() == options_.size)
      cut(slot, "size");
    else if (last)
      cut(slot, "until");
    else if (options_.bytes != 0 && batch.bytes >= options_.bytes)
      cut(slot, "bytes");
  }

  Time due() const override { return timers_.due(); }
  void tick(Time) override { cut(timers_.take(), "every"); }

  void idle() override { cut_all("idle"); }

  std::size_t held() const override { return held_; }

  void abandon() override {
    while (open_.size() != 0) {
      Open batch = take_out(first_opened());
      batch.text += ']';
      Record record(batch.text, spare_);
      record.at = batch.latest;
      record.origin = Origin::of(batch.group.release());
      ++counts().made;
      counts().merged += batch.records;
      give_up(record);
    }
  }

 private:
  struct Open {
    std::unique_ptr<Group> group;
    std::string text;  // the array without its closing bracket
    std::uint64_t records = 0, bytes = 0, opened = 0;
    Time first, last, latest = Time::min();  // latest: the largest
    Hold hold = no_hold;                     // of the record that has this time, which will be the batch's
  };
  using Slot = Keyed<Open>::Slot;
  Slot begin(std::string_view key) {
    if (options_.max_keys != 0 && open_.size() >= options_.max_keys) {
      cut(open_.oldest(), "keys");
      count_eviction(key_);
    }
    const Slot slot = only_ = open_.insert(key);
    Open& batch = open_[slot];
    batch.group = std::make_unique<Group>(run().ledger, run().keep_originals, usual_records_);
    batch.text = std::exchange(spent_text_, {});
    batch.text = "[";
    batch.opened = ++opened_;
    batch.first = clock();
    if (options_.every) timers_.set(slot, clock() + *options_.every);
    return slot;
  }

  void add(Open& batch, Record& record, std::string_view text) {
    if (batch.records++ != 0) batch.text += ',';
    batch.text += text;
    batch.bytes += text.size();
    batch.last = clock();
    batch.group->add(record);
    ++held_;
    if (record.at <= batch.latest) return;
    batch.latest = record.at;
    hold_anew(batch.hold);
  }

  Open take_out(Slot slot) {
    Open batch = std::move(open_[slot]);
    key_.assign(open_.key(slot));
    open_.erase(slot);
    only_ = Keyed<Open>::none;
    timers_.cancel(slot);
    held_ -= batch.records;
    usual_records_ = batch.records;
    return batch;
  }

  void cut(Slot slot, std::string_view reason) {
    Open batch = take_out(slot);
    batch.text += ']';
    if (events()) tell(batch, reason);
    if (options_.wrap) wrap(batch, reason);
    counts().merged += batch.records;
    ++counts().made;
    Record record(batch.text, spare_);
    record.at = batch.latest;
    record.origin = Origin::of(batch.group.release());
    let_go(batch.hold, [&] { emit(record); });
    spent_text_ = std::move(batch.text);
  }

  void wrap(Open& batch, std::string_view reason) {
    std::string whole =
        fmt::format(R"({{"records":{},"count":{},"reason":"{}","start":"{}","end":"{}")", batch.text,
                    batch.records, reason, to_rfc3339(batch.first), to_rfc3339(batch.last));
    if (by_.keyed()) fmt::format_to(std::back_inserter(whole), R"(,"key":{})", key_);
    whole += '}';
    batch.text = std::move(whole);
  }

  void tell(const Open& batch, std::string_view reason) {
    if (by_.keyed())
      event("group_closed", {{"reason", reason}, {"count", batch.records}, {"key", JsonText{key_}}});
    else
      event("group_closed", {{"reason", reason}, {"count", batch.records}});
  }

  /// The open batch whose first record came first.
  Slot first_opened() {
    Slot first = open_.oldest();
    for (Slot slot = first; slot != Keyed<Open>::none; slot = open_.next(slot))
      if (open_[slot].opened < open_[first].opened) first = slot;
    return first;
  }

  void finish() override { cut_all("end"); }

  void cut_all(std::string_view reason) {
    std::vector<std::pair<std::uint64_t, Slot>> rest;
    for (Slot slot = open_.oldest(); slot != Keyed<Open>::none; slot = open_.next(slot))
      rest.emplace_back(open_[slot].opened, slot);
    std::ranges::sort(rest);
    for (const auto& [opened, slot] : rest) cut(slot, reason);
  }

  Options options_;
  expr::KeyOf by_;
  Keyed<Open> open_;
  Slot only_ = Keyed<Open>::none;  // the open batch, where there are no keys
  SlotTimers timers_;
  std::size_t held_ = 0;
  std::uint64_t opened_ = 0;
  std::size_t usual_records_ = 0;
  std::string spent_text_;  // its memory serves the next batch
  std::string key_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> make(Options options, const Arguments& arguments,
                                                      const Settings& settings) {
  auto by = expr::compile_key(arguments, settings);
  if (!by) return std::unexpected(std::move(by.error()));
  options.wrap = arguments.flag("--wrap");
  options.max_keys = arguments.count("--max-keys").value_or(settings.max_keys);
  return std::make_unique<Batch>(std::move(options), expr::KeyOf(std::move(*by)));
}

std::expected<std::unique_ptr<Stage>, PlanError> build_batch(const Arguments& arguments,
                                                             const Settings& settings) {
  for (const std::string_view name : {"--size", "--bytes"})
    if (arguments.count(name) == 0)
      return std::unexpected(arguments.error(name, std::string(name) + " must be at least 1"));
  auto until = expr::compile_optional(arguments, "--until", settings);
  if (!until) return std::unexpected(std::move(until.error()));
  if (auto checked = expr::check_condition(arguments, "--until"); !checked)
    return std::unexpected(std::move(checked.error()));
  Options options{.size = arguments.count("--size").value_or(0),
                  .bytes = arguments.count("--bytes").value_or(0),
                  .every = arguments.duration("--every"),
                  .until = std::move(*until),
                  .wrap = false,
                  .max_keys = 0};
  if (options.every == Duration{})
    return std::unexpected(arguments.error("--every", "--every must be more than 0"));
  if (options.size == 0 && options.bytes == 0 && !options.every && !options.until)
    return std::unexpected(arguments.error("", "batch needs a bound: --size, --every, --bytes or --until",
                                           "for example --size 100 --every 1s"));
  return make(std::move(options), arguments, settings);
}

std::expected<std::unique_ptr<Stage>, PlanError> build_chunk(const Arguments& arguments,
                                                             const Settings& settings) {
  if (arguments.count("N") == 0)
    return std::unexpected(arguments.error("N", "a chunk holds at least 1 record"));
  return make(
      {.size = *arguments.count("N"), .bytes = 0, .every = {}, .until = {}, .wrap = false, .max_keys = 0},
      arguments, settings);
}

constexpr OptionDeclaration by_option() {
  return {.name = "--by", .type = ValueType::expression, .metavar = "EXPR", .help = "a batch for each key"};
}
constexpr OptionDeclaration wrap_option() {
  return {.name = "--wrap", .help = "emit {records,count,reason,start,end,key} instead of the array"};
}
constexpr OptionDeclaration max_keys_option() {
  return {.name = "--max-keys",
          .type = ValueType::count,
          .metavar = "N",
          .help = "so many open batches; 0 is no limit"};
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  if (arguments.given("--by") || arguments.given("--until")) of.failures = "expr";
  const auto count = arguments.given("N") ? arguments.count("N") : arguments.count("--size");
  std::string bounds;
  if (count) bounds = fmt::format("{} records{}", *count, arguments.given("N") ? "" : " (--size)");
  if (const auto bytes = arguments.count("--bytes"))
    bounds += fmt::format("{}{} bytes (--bytes)", bounds.empty() ? "" : " or ", *bytes);
  of.memory = bounds.empty() ? "a batch of any size: only --size and --bytes bound it" : bounds;
  if (arguments.given("--by")) of.memory += " for each of " + keys_bound(arguments, settings);
  of.latency = "until the batch is full";
  if (arguments.given("--every")) {
    of.latency = fmt::format("{} (--every)", duration_text(arguments, "--every"));
    of.clock = Explanation::Clock::stream;
  }
  of.end = "open batches leave, in order of their first records";
}

}  // namespace

extern const Declaration batch_stage;
const Declaration batch_stage = {
    .name = "batch",
    .section = "Grouping",
    .summary = "collect records into arrays by number, time or bytes",
    .description =
        "At least one bound; the first to be reached cuts the batch. With --by every key has a batch and "
        "bounds of its own. There is never an empty batch, and "
        "what is open at the end of input comes out in order of its first record.\n\n"
        "--every counts on the stream's clock from the first record of the batch. --bytes counts the "
        "records' bytes: a batch is cut before it would grow "
        "over the bound, and a larger record is a batch of one. --until ends the batch with the record that "
        "matches.\n\n"
        "A batch that fails later fails every line in it; each has its dead letter. Beyond --max-keys the "
        "batch of the least recently used key comes out early.",
    .options = {{.name = "--size", .type = ValueType::count, .metavar = "N", .help = "at most N records"},
                {.name = "--every",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "at most so long after the first record"},
                {.name = "--bytes",
                 .type = ValueType::size,
                 .metavar = "SIZE",
                 .help = "at most so many bytes of records"},
                {.name = "--until",
                 .type = ValueType::expression,
                 .metavar = "EXPR",
                 .help = "up to the record for which EXPR holds"},
                by_option(),
                wrap_option(),
                max_keys_option()},
    .traits = {.merges = true, .timed = true},
    .examples = {{.title = "by number or time, whichever is first",
                  .words = "batch --size 2 --every 1s",
                  .input = "1\n2\n3\n",
                  .output = "[1,2]\n[3]\n"},
                 {.title = "a batch for each user",
                  .words = "batch --size 2 --by .user",
                  .input = "{\"user\":\"a\",\"n\":1}\n{\"user\":\"b\",\"n\":2}\n{\"user\":\"a\",\"n\":3}\n",
                  .output =
                      "[{\"user\":\"a\",\"n\":1},{\"user\":\"a\",\"n\":3}]\n[{\"user\":\"b\",\"n\":2}]\n"},
                 {.title = "up to the end of each transaction, with its size and reason",
                  .words = "--time .ts batch --until '.op == \"commit\"' --wrap",
                  .input = "{\"ts\":1,\"op\":\"set\"}\n{\"ts\":2.5,\"op\":\"commit\"}\n",
                  .output = "{\"records\":[{\"ts\":1,\"op\":\"set\"},{\"ts\":2.5,\"op\":\"commit\"}],"
                            "\"count\":2,\"reason\":\"until\","
                            "\"start\":\"1970-01-01T00:00:01Z\",\"end\":\"1970-01-01T00:00:02.5Z\"}\n"}},
    .build = build_batch,
    .explain = explain,
};

extern const Declaration chunk_stage;
const Declaration chunk_stage = {
    .name = "chunk",
    .section = "Grouping",
    .summary = "collect every N records into an array",
    .description = "The same as batch --size N.",
    .positionals = {{.name = "N", .type = ValueType::count, .help = "records in an array"}},
    .options = {by_option(), wrap_option(), max_keys_option()},
    .traits = {.merges = true},
    .examples = {{.title = "pairs", .words = "chunk 2", .input = "1\n2\n3\n", .output = "[1,2]\n[3]\n"},
                 {.title = "pairs, taken apart again",
                  .words = "chunk 2 then flatten",
                  .input = "1\n2\n3\n",
                  .output = "1\n2\n3\n"}},
    .build = build_chunk,
    .explain = explain,
};

}  // namespace sz
