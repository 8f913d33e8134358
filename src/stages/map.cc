#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/stage.h"
#include "expr/argument.h"
#include "json/line_parser.h"
#include "stages/command_stage.h"

namespace sz {
namespace {

class Map final : public Stage {
 public:
  explicit Map(expr::Program program) : program_(std::move(program)) {}

  void push(Record& record) override {
    enter();
    const auto outputs = program_.render(record.value(), clock(), record.line);
    if (!outputs) return fail(record, FailureKind::expr, outputs.error());
    if (outputs->size() == 1) return emit_one(record, outputs->front());
    for (const expr::Rendered& output : *outputs) {
      Record part = made(output);
      emit_part(record, part);
    }
    finish_parts(record, !outputs->empty());
  }

  bool reads_clock() const override { return program_.uses_now(); }

 private:
  void emit_one(Record& record, const expr::Rendered& output) {
    if (output.node.valid() && output.node.slot() == record.value().slot()) return emit(record);
    Record instead = made(output);
    emit_instead(record, instead);
  }

  Record made(const expr::Rendered& output) {
    return output.node.valid() ? Record(output.text, output.node) : Record(output.text, spare_);
  }

  expr::Program program_;
  json::Document spare_;
};

/// What the command prints instead of the record.
class MapByCommand final : public CommandStage {
 public:
  explicit MapByCommand(CommandOptions options) : CommandStage(std::move(options), true) {}

 private:
  // All or nothing, as with an expression: every line is read before the first leaves.
  void succeeded(Record& record, Result& result) override {
    constexpr std::size_t readable_behind = 64;
    std::string& text = result.output;
    if (!text.empty() && text.back() != '\n') text += '\n';
    const std::size_t size = text.size();
    text.append(readable_behind, ' ');
    parser_.open(text.data(), size);
    lines_.clear();
    json::ParsedLine line;
    while (parser_.next(line)) {
      if (line.fault)
        return fail(record, FailureKind::exec_output,
                    fmt::format("output is not JSON: {}", json::phrase(line.fault.code)));
      if (!line.blank()) lines_.push_back(line);
    }
    if (lines_.size() == 1) {
      Record instead(trim(lines_.front().text), lines_.front().value);
      return emit_instead(record, instead);
    }
    for (const json::ParsedLine& one : lines_) {
      Record part(trim(one.text), one.value);
      emit_part(record, part);
    }
    finish_parts(record, !lines_.empty());
  }

  json::LineParser parser_;
  std::vector<json::ParsedLine> lines_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto command = CommandOptions::read(arguments, settings, {"EXPR"});
  if (!command) return std::unexpected(std::move(command.error()));
  if (*command) return std::make_unique<MapByCommand>(std::move(**command));
  if (!arguments.given("EXPR"))
    return std::unexpected(arguments.error("", "map needs EXPR, --exec, --sh or --worker",
                                           "for example: sz map '{user, ms: .latency}'"));
  auto program = expr::compile_argument(arguments, "EXPR", settings);
  if (!program) return std::unexpected(std::move(program.error()));
  return std::make_unique<Map>(std::move(*program));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  if (!CommandOptions::explain(arguments, settings, of)) of.failures = "expr";
}

}  // namespace

extern const Declaration map_stage;
const Declaration map_stage = {
    .name = "map",
    .section = "Per record",
    .summary = "replace each record by what an expression or command makes",
    .description =
        "Each output of EXPR becomes a record; no output drops the record as filtered. Parts that EXPR does "
        "not touch are "
        "copied as they are written, and \"map .\" changes nothing.\n\n"
        "An error in EXPR fails the whole record with kind expr: none of its outputs is passed on.\n\n"
        "Instead of EXPR a command can do it: each line that it prints becomes a record, no line drops the "
        "record as filtered, and a line that is not JSON fails it with kind exec_output. A worker answers "
        "each record with one line, an empty one to drop it. See sz help commands.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "what to make, in jq's language",
                     .required = false}},
    .options = CommandOptions::declare({}),
    .traits = {.stateless = true, .repeatable = true},
    .examples = {{.title = "pick and rename fields",
                  .words = "map '{user, ms: .latency}'",
                  .input = "{\"user\":\"ann\",\"latency\":12,\"host\":\"a1\"}\n",
                  .output = "{\"user\":\"ann\",\"ms\":12}\n"},
                 {.title = "set one field and keep the rest as it is",
                  .words = "map '.price = .price * 2'",
                  .input = "{\"id\":9007199254740993,\"price\":1.5}\n",
                  .output = "{\"id\":9007199254740993,\"price\":3}\n"},
                 {.title = "run a program on each record, four at a time, the order kept",
                  .words = "map --exec 'seq {.from} {.to}' --jobs 4",
                  .input = "{\"from\":1,\"to\":3}\n{\"from\":8,\"to\":8}\n",
                  .output = "1\n2\n3\n8\n"},
                 {.title = "keep a program running, one line in and one line out",
                  .words = "map --worker 'sed -u s/a/b/'",
                  .input = "\"a1\"\n\"c2\"\n",
                  .output = "\"b1\"\n\"c2\"\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
