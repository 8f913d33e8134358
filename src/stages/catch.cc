#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/declaration.h"
#include "core/envelope.h"
#include "core/joining.h"

namespace sz {
namespace {

/// What a caught failure's envelope and all that comes of it belong to: knows the failure, and passes the
/// fate on to the record that failed.
class Caught final : public Scope {
 public:
  Caught(Ledger& ledger, Origin origin, std::string cause)
      : ledger_(ledger), origin_(std::move(origin)), cause_(std::move(cause)) {}
  void lines(std::vector<Line>& out) const override { origin_.lines(out); }
  Attempt* attempt() override { return origin_.attempt(); }
  const std::string* cause() const override { return &cause_; }

 private:
  void settled(Verdict v) override { origin_.settle(ledger_, v); }
  Ledger& ledger_;
  Origin origin_;
  std::string cause_;
};

/// Pipeline 0 is what it stands before, pipeline 1 the handler.
class Catch final : public Joining {
 public:
  explicit Catch(std::vector<std::string> sources) : sources_(std::move(sources)) {}

  void push(Record& record) override {
    enter();
    begin_record();
    ++counts().out;
    hand(0, record);
    finish_record();
  }
  bool catches(std::size_t i) const override { return i == 0; }
  bool needs_originals() const override { return true; }

 private:
  bool ordered() const override {
    return (inner(0).paces || inner(1).paces) && !inner(0).gathers && !inner(1).gathers;
  }
  bool awaited(std::size_t) const override { return ordered(); }

  // In the handler's pipeline a failure goes on outwards, and says what it was about. The end of the run is
  // nobody's to handle.
  void failed_in(std::size_t i, Record& record, Failure failure, const Stage* stage) override {
    if (i == 1 && failure.cause.empty())
      if (const std::string* cause = record.origin.cause()) failure.cause = *cause;
    if (i == 1 || failure.kind == FailureKind::shutdown) {
      if (i == 0) {  // it went in and has come back
        ++counts().made;
        ++counts().failed;
      }
      return fail_outwards(i, record, std::move(failure), stage);
    }
    ++run().ledger.caught;
    std::vector<Line> lines;
    if (record.line != nullptr)
      lines.push_back(*record.line);
    else
      record.origin.lines(lines);
    std::string text;
    append_envelope(text, {.failure = failure,
                           .stage = stage->name(),
                           .index = stage->index(),
                           .record = record.text(),
                           .lines = lines,
                           .sources = sources_,
                           .summed = record.origin.summed()});
    json::Document value;
    Record envelope(text, value);
    envelope.at = record.at;
    envelope.line = record.line;
    envelope.origin = Origin::of(std::make_unique<Caught>(run().ledger, std::move(record.origin),
                                                          cause_of(failure, stage->name(), stage->index()))
                                     .release());
    inner(1).head->push(envelope);
  }

  // The handler's clock follows what comes out of the other pipeline, whose failures it handles: all of it
  // where records wait there for the outside, else what is settled.
  bool takes_clock(std::size_t i) const override { return i == 0 || !inner(0).paces; }
  Mark clock_into(std::size_t i, const Mark& m) override {
    if (i == 0 || !inner(0).gathers) return m;
    const bool holds = !exit_ended(0) || held_inside(0) != 0;
    caught_from_ = std::max(caught_from_, holds ? exit_clock(0).settled : m.settled);
    return {m.clock, caught_from_};
  }
  void exit_moved(std::size_t i) override {
    if (i == 0 && (inner(0).paces || inner(0).gathers)) inner(1).head->advance(exit_clock(0));
    Joining::exit_moved(i);
  }
  // A pipeline that wants no more may still hold what can fail.
  bool may_end_inner(std::size_t i) const override {
    return i == 0 || (exit_ended(0) && held_inside(0) == 0);
  }

  std::vector<std::string> sources_;
  Time caught_from_ = Time::min();  // the handler's settled
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments&, const Settings& settings) {
  return std::make_unique<Catch>(settings.inputs);
}

void explain(const Arguments&, const Settings&, Explanation& of) {
  explain_joining(of);
  of.end = "ends what it wraps, then the handler";
}

}  // namespace

extern const Declaration catch_stage;
const Declaration catch_stage = {
    .name = "catch",
    .section = "Prefixes",
    .summary = "hand failed records to a pipeline of their own",
    .description =
        "What fails in the stage or bracket behind it becomes a dead letter as a record (sz help failures), "
        "with "
        "the record as it reached the stage in .record, and goes into the first bracket, the handler. What "
        "comes out of that joins what comes out of the other, in the order of the input; if one of them "
        "holds "
        "records for a timer or a batch and one runs commands, as it comes.\n\n"
        "A failure in the handler goes to the next catch outside, or to the dead letters, with the first one "
        "as its "
        "cause. Records that a signal cuts off are not caught.\n\n"
        "A caught record counts where its letter ends, and as caught beside the sum; it does not change the "
        "exit "
        "status.",
    .traits = {.repeatable = true, .min_groups = 1, .max_groups = 1, .prefix = true},
    .examples = {{.title = "keep what fails, marked",
                  .words = "catch [ map '{failed: .record, why: .kind}' ] map '1 / .n'",
                  .input = "{\"n\":2}\n{\"n\":0}\n",
                  .output = "0.5\n{\"failed\":{\"n\":0},\"why\":\"expr\"}\n"},
                 {.title = "let what is no number pass as it is",
                  .words = "catch [ map .record ] [ map '. + 1' then filter '. > 1' ]",
                  .input = "1\n{\"a\":1}\n",
                  .output = "2\n{\"a\":1}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
