#include <utility>

#include "core/stage.h"
#include "expr/argument.h"

namespace sz {
namespace {

class Filter final : public Stage {
 public:
  Filter(expr::Program program, bool invert) : program_(std::move(program)), invert_(invert) {}

  void push(Record& record) override {
    enter();
    const auto truthy = program_.truthy(record.value(), clock(), record.line);
    if (!truthy) return fail(record, FailureKind::expr, truthy.error());
    if (*truthy != invert_)
      emit(record);
    else
      filter_out(record);
  }

  bool reads_clock() const override { return program_.uses_now(); }

 private:
  expr::Program program_;
  bool invert_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto program = expr::compile_argument(arguments, "EXPR", settings);
  if (!program) return std::unexpected(std::move(program.error()));
  return std::make_unique<Filter>(std::move(*program), arguments.flag("--invert"));
}

}  // namespace

extern const Declaration filter_stage;
const Declaration filter_stage = {
    .name = "filter",
    .section = "Per record",
    .summary = "keep the records for which an expression holds",
    .description =
        "A record is kept, once and unchanged, when any output of EXPR is truthy: neither false nor null.\n\n"
        "An error in EXPR fails the record with kind expr.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "what must hold, in jq's language"}},
    .options = {{.name = "--invert", .letter = 'v', .help = "keep the others instead"}},
    .traits = {.stateless = true},
    .examples = {{.title = "keep the errors",
                  .words = "filter '.level == \"error\"'",
                  .input = "{\"level\":\"info\"}\n{\"level\":\"error\",\"n\":1}\n",
                  .output = "{\"level\":\"error\",\"n\":1}\n"},
                 {.title = "leave out the health checks",
                  .words = "filter -v '.path | startswith(\"/health\")'",
                  .input = "{\"path\":\"/health\"}\n{\"path\":\"/users\"}\n",
                  .output = "{\"path\":\"/users\"}\n"}},
    .build = build,
};

}  // namespace sz
