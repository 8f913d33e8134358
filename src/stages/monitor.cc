#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/declaration.h"
#include "core/latency_histogram.h"
#include "core/quote.h"
#include "core/stage.h"
#include "json/write.h"

namespace sz {
namespace {

double seconds(Duration d) { return static_cast<double>(d.ns) / 1e9; }

/// Says how many records pass, how fast, and how old they are. Intervals lie on the stream's clock, side by
/// side from the first record on; after an empty one there is silence until the next record.
class Monitor final : public Stage {
 public:
  Monitor(Duration every, std::string label, std::optional<std::string> path)
      : every_(every), label_(std::move(label)), path_(std::move(path)) {}

  std::expected<void, SystemError> open(SideFiles& files) override {
    if (!path_) {
      to_ = files.standard_error();
      return {};
    }
    auto opened = files.open(*path_, false);
    if (!opened) return std::unexpected(std::move(opened.error()));
    to_ = *opened;
    return {};
  }

  void push(Record& record) override {
    enter();
    if (end_ == never) begin();
    ++records_;
    bytes_ += record.text().size() + 1;
    latencies_.add(clock() - record.at);
    emit(record);
  }

  Time due() const override { return end_; }

  void tick(Time t) override {
    const bool empty = records_ == 0;
    report(t);
    start_ = t;
    end_ = empty ? never : t + every_;
  }

 private:
  /// The interval around the clock.
  void begin() {
    if (!begun_) start_ = clock();
    begun_ = true;
    const Time::Wide passed = clock().ns() - start_.ns();
    start_ = Time::from_ns(start_.ns() + passed / every_.ns * every_.ns);
    end_ = start_ + every_;
  }

  void finish() override {
    if (begun_ && records_ != 0) report(std::max(start_, clock()));
    end_ = never;
  }

  void report(Time end) {
    total_ += records_;
    text_.clear();
    if (path_)
      as_json(end);
    else
      as_text(end);
    to_->write(text_);
    records_ = bytes_ = 0;
    latencies_.clear();
  }

  double rate(std::uint64_t n, Time end) const { return static_cast<double>(n) / seconds(end - start_); }

  void as_json(Time end) {
    const auto to = std::back_inserter(text_);
    text_ += '{';
    if (!label_.empty()) {
      text_ += R"("label":)";
      json::append_string(text_, label_);
      text_ += ',';
    }
    fmt::format_to(to, R"("start":"{}","end":"{}","records":{},"bytes":{})", to_rfc3339(start_),
                   to_rfc3339(end), records_, bytes_);
    if (end > start_)
      fmt::format_to(to, R"(,"rate":{:.6g},"byte_rate":{:.6g})", rate(records_, end), rate(bytes_, end));
    if (records_ != 0)
      fmt::format_to(to, R"(,"latency":{{"p50":{:.6g},"p99":{:.6g},"max":{:.6g}}})",
                     seconds(latencies_.quantile(0.5)), seconds(latencies_.quantile(0.99)),
                     seconds(latencies_.max()));
    fmt::format_to(to, ",\"total\":{}}}\n", total_);
  }

  void as_text(Time end) {
    const auto to = std::back_inserter(text_);
    text_ += "sz: monitor";
    if (!label_.empty()) fmt::format_to(to, " {}", quote(label_));
    fmt::format_to(to, ": {} {} record{}", to_rfc3339(end), records_, records_ == 1 ? "" : "s");
    if (end > start_) fmt::format_to(to, ", {:.4g}/s, {:.4g} B/s", rate(records_, end), rate(bytes_, end));
    if (records_ != 0)
      fmt::format_to(to, ", latency p50 {:.3g}s p99 {:.3g}s max {:.3g}s", seconds(latencies_.quantile(0.5)),
                     seconds(latencies_.quantile(0.99)), seconds(latencies_.max()));
    fmt::format_to(to, ", {} in all\n", total_);
  }

  Duration every_;
  std::string label_;
  std::optional<std::string> path_;
  SideFile* to_ = nullptr;
  bool begun_ = false;
  Time start_, end_ = never;
  std::uint64_t records_ = 0, bytes_ = 0, total_ = 0;
  LatencyHistogram latencies_;
  std::string text_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  const Duration every = *arguments.duration("--every");
  if (every == Duration{}) return std::unexpected(arguments.error("--every", "--every must be more than 0"));
  return std::make_unique<Monitor>(every, arguments.text("--label").value_or(""), arguments.text("--to"));
}

void explain(const Arguments&, const Settings&, Explanation& of) {
  of.memory = "a histogram of fixed size";
  of.clock = Explanation::Clock::stream;
  of.end = "a last line";
}

}  // namespace

extern const Declaration monitor_stage;
const Declaration monitor_stage = {
    .name = "monitor",
    .section = "Per record, stateful",
    .summary = "say how many records pass, how fast and how old",
    .description =
        "Records pass unchanged. Once in each --every, counted on the stream's clock from the first record, "
        "and at the end of input there is a line on stderr, or a JSON line in FILE, with the number of "
        "records and bytes, the records and bytes a second, and how old the records were: p50, p99 and the "
        "oldest, in seconds. After an interval without records there is silence until the next record.\n\n"
        "A record's age is the time since it was read; under --time it is how far its time lies behind the "
        "clock. p50 and p99 are never too low and at most 1/16 too high. FILE is truncated at the start.",
    .options = {{.name = "--every",
                 .type = ValueType::duration,
                 .metavar = "D",
                 .help = "a line so often",
                 .fallback = "10s"},
                {.name = "--label",
                 .type = ValueType::text,
                 .metavar = "L",
                 .help = "a name for this place in the pipeline"},
                {.name = "--to", .type = ValueType::file, .metavar = "FILE", .help = "JSON lines in FILE"}},
    .traits = {.timed = true},
    .examples = {{.title = "rates before and after a filter",
                  .words = "monitor --label in then filter .ok then monitor --label ok",
                  .input = "{\"ok\":true}\n{\"ok\":false}\n",
                  .output = "{\"ok\":true}\n"},
                 {.title = "records a minute of a recording, as data",
                  .words = "--time .ts monitor --every 1m --to rates.ndjson then take 1",
                  .input = "{\"ts\":0}\n{\"ts\":30}\n{\"ts\":60}\n",
                  .output = "{\"ts\":0}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
