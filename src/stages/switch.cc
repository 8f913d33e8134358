#include <optional>
#include <utility>
#include <vector>

#include "core/joining.h"
#include "expr/argument.h"
#include "expr/condition.h"

namespace sz {
namespace {

/// Hands each record to the branches that its conditions choose. A branch without a condition is the last
/// one: what no condition holds for.
class Switch final : public Joining {
 public:
  Switch(std::vector<expr::Program> conditions, bool otherwise, bool all)
      : conditions_(std::move(conditions)), otherwise_(otherwise), all_(all) {}

  // All conditions are looked at before the record goes anywhere: one that fails must not come too late.
  void push(Record& record) override {
    enter();
    chosen_.clear();
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      const auto holds = conditions_[i].truthy(record.value(), clock());
      if (!holds) return fail(record, FailureKind::expr, holds.error());
      if (!*holds) continue;
      chosen_.push_back(i);
      if (!all_) break;
    }
    if (chosen_.empty() && otherwise_) chosen_.push_back(conditions_.size());
    route(record, chosen_);
  }
  bool passes_by() const override { return !otherwise_; }
  bool reads_clock() const override {
    for (const expr::Program& condition : conditions_)
      if (condition.uses_now()) return true;
    return false;
  }

 private:
  std::vector<expr::Program> conditions_;
  bool otherwise_, all_;
  std::vector<std::size_t> chosen_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build_switch(const Arguments& arguments,
                                                              const Settings& settings) {
  std::vector<expr::Program> conditions;
  while (arguments.text(condition_name(conditions.size()))) {
    auto condition = expr::compile_argument(arguments, condition_name(conditions.size()), settings);
    if (!condition) return std::unexpected(std::move(condition.error()));
    if (auto checked = expr::check_condition(arguments, condition_name(conditions.size())); !checked)
      return std::unexpected(std::move(checked.error()));
    conditions.push_back(std::move(*condition));
  }
  const bool otherwise = arguments.groups > conditions.size();
  return std::make_unique<Switch>(std::move(conditions), otherwise, arguments.flag("--all"));
}

/// Hands each record to the first branch or the second.
class Split final : public Joining {
 public:
  explicit Split(expr::Program condition) : condition_(std::move(condition)) {}

  void push(Record& record) override {
    enter();
    const auto holds = condition_.truthy(record.value(), clock());
    if (!holds) return fail(record, FailureKind::expr, holds.error());
    route(record, *holds ? 0U : 1U);
  }
  bool reads_clock() const override { return condition_.uses_now(); }

 private:
  expr::Program condition_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build_split(const Arguments& arguments,
                                                             const Settings& settings) {
  auto condition = expr::compile_argument(arguments, "EXPR", settings);
  if (!condition) return std::unexpected(std::move(condition.error()));
  if (auto checked = expr::check_condition(arguments, "EXPR"); !checked)
    return std::unexpected(std::move(checked.error()));
  return std::make_unique<Split>(std::move(*condition));
}

void explain(const Arguments&, const Settings&, Explanation& of) {
  explain_joining(of);
  of.failures = "expr";
}

}  // namespace

extern const Declaration switch_stage;
const Declaration switch_stage = {
    .name = "switch",
    .section = "Routing",
    .summary = "send each record down the first branch whose condition holds",
    .description =
        "A condition and a bracket make a branch; else [ ... ] takes what no condition holds for, and "
        "without it "
        "such a record passes on unchanged. An empty bracket passes records on. With --all a record goes "
        "down "
        "every branch whose condition holds, a copy each.\n\n"
        "What comes out of the branches joins in the order of the input, and for one record in the order of "
        "the "
        "branches; what a timer releases joins when it fires. A branch that waits for a command holds the "
        "others "
        "back; one that holds records both for a command and for a timer or a batch joins as it comes.\n\n"
        "An error in a condition fails the record with kind expr. A take ends its branch only; the reading "
        "stops "
        "when no branch wants more. At the end branches finish in written order.",
    .positionals = {{.name = "EXPR [",
                     .type = ValueType::expression,
                     .help = "when a record goes down the branch behind it, in jq's language"}},
    .options = {{.name = "--all", .help = "every branch whose condition holds, not the first alone"}},
    .traits = {.routes = true, .repeatable = true, .min_groups = 1, .max_groups = 1000},
    .examples =
        {{.title = "each kind of record in its own way",
          .words =
              "switch '.level == \"error\"' [ map '{alert: .msg}' ] '.level == \"debug\"' [ filter false ]",
          .input = "{\"level\":\"error\",\"msg\":\"disk\"}\n{\"level\":\"debug\"}\n{\"level\":\"info\"}\n",
          .output = "{\"alert\":\"disk\"}\n{\"level\":\"info\"}\n"},
         {.title = "batches by size, the rest one by one",
          .words = "switch '.n < 10' [ batch --size 2 ] else [ map .n ]",
          .input = "{\"n\":1}\n{\"n\":20}\n{\"n\":2}\n{\"n\":3}\n",
          .output = "20\n[{\"n\":1},{\"n\":2}]\n[{\"n\":3}]\n"}},
    .build = build_switch,
    .explain = explain,
};

extern const Declaration split_stage;
const Declaration split_stage = {
    .name = "split",
    .section = "Routing",
    .summary = "send records down one branch or the other",
    .description =
        "Records for which EXPR holds go down the first branch, the others down the second. An empty bracket "
        "passes records on.\n\n"
        "Order, failures and the end are as with switch.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "true sends a record down the first branch"}},
    .traits = {.routes = true, .repeatable = true, .min_groups = 2, .max_groups = 2},
    .examples = {{.title = "one way or the other",
                  .words = "split .ok [ map .value ] [ map '{bad: .}' ]",
                  .input = "{\"ok\":true,\"value\":1}\n{\"ok\":false}\n",
                  .output = "1\n{\"bad\":{\"ok\":false}}\n"},
                 {.title = "the first of the big ones, all of the others",
                  .words = "split '. > 10' [ take 1 ] [ ]",
                  .input = "1\n20\n30\n2\n",
                  .output = "1\n20\n2\n"}},
    .build = build_split,
    .explain = explain,
};

}  // namespace sz
