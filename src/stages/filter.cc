#include <utility>

#include "core/stage.h"
#include "expr/argument.h"
#include "expr/condition.h"
#include "stages/command_stage.h"

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

/// Status 0 keeps, 1 drops. A worker keeps by any answer but false, null and the empty line.
class FilterByCommand final : public CommandStage {
 public:
  FilterByCommand(CommandOptions options, bool invert)
      : CommandStage(std::move(options), false), invert_(invert) {}

 private:
  bool good(const Result& result) const override {
    return result.ok() || (!keeps() && result.end == Result::End::exited && result.number == 1);
  }

  void succeeded(Record& record, Result& result) override {
    bool keep = result.number == 0;
    if (keeps()) {
      const std::optional<bool> answer = kept_by(trim(result.output));
      if (!answer) return fail(record, FailureKind::exec_output, "the worker's answer is not JSON");
      keep = *answer;
    }
    if (keep != invert_)
      emit(record);
    else
      filter_out(record);
  }

  /// Nothing if the answer is no JSON.
  std::optional<bool> kept_by(std::string_view answer) {
    if (answer.empty()) return false;
    const auto value = answer_.parse(answer);
    if (!value) return std::nullopt;
    return value->kind() != json::Kind::null && (value->kind() != json::Kind::boolean || value->boolean());
  }

  bool invert_;
  json::Document answer_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto command = CommandOptions::read(arguments, settings, {"EXPR"});
  if (!command) return std::unexpected(std::move(command.error()));
  if (*command) return std::make_unique<FilterByCommand>(std::move(**command), arguments.flag("--invert"));
  if (!arguments.given("EXPR"))
    return std::unexpected(arguments.error("", "filter needs EXPR, --exec, --sh or --worker",
                                           "for example: sz filter '.level == \"error\"'"));
  auto program = expr::compile_argument(arguments, "EXPR", settings);
  if (!program) return std::unexpected(std::move(program.error()));
  if (auto checked = expr::check_condition(arguments, "EXPR"); !checked)
    return std::unexpected(std::move(checked.error()));
  return std::make_unique<Filter>(std::move(*program), arguments.flag("--invert"));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  if (!CommandOptions::explain(arguments, settings, of)) of.failures = "expr";
}

}  // namespace

extern const Declaration filter_stage;
const Declaration filter_stage = {
    .name = "filter",
    .section = "Per record",
    .summary = "keep the records that an expression or a command accepts",
    .description =
        "A record is kept, once and unchanged, when any output of EXPR is truthy: neither false nor null. An "
        "error in EXPR fails the record with kind expr.\n\n"
        "Instead of EXPR a command can decide: exit status 0 keeps the record, 1 drops it, any other fails "
        "it; "
        "what it prints is ignored. A worker's answer keeps it unless it is false, null or an empty line. "
        "See "
        "sz help commands.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "what must hold, in jq's language",
                     .required = false}},
    .options =
        CommandOptions::declare({{.name = "--invert", .letter = 'v', .help = "keep the others instead"}}),
    .traits = {.stateless = true, .repeatable = true},
    .examples = {{.title = "keep the errors",
                  .words = "filter '.level == \"error\"'",
                  .input = "{\"level\":\"info\"}\n{\"level\":\"error\",\"n\":1}\n",
                  .output = "{\"level\":\"error\",\"n\":1}\n"},
                 {.title = "leave out the health checks",
                  .words = "filter -v '.path | startswith(\"/health\")'",
                  .input = "{\"path\":\"/health\"}\n{\"path\":\"/users\"}\n",
                  .output = "{\"path\":\"/users\"}\n"},
                 {.title = "ask a command, two at a time",
                  .words = "filter --exec 'grep -q error' --jobs 2",
                  .input = "{\"level\":\"info\"}\n{\"level\":\"error\"}\n",
                  .output = "{\"level\":\"error\"}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
