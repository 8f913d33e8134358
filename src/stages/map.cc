#include <utility>

#include "core/stage.h"
#include "expr/argument.h"

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

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto program = expr::compile_argument(arguments, "EXPR", settings);
  if (!program) return std::unexpected(std::move(program.error()));
  return std::make_unique<Map>(std::move(*program));
}

}  // namespace

extern const Declaration map_stage;
const Declaration map_stage = {
    .name = "map",
    .section = "Per record",
    .summary = "replace each record by what an expression makes of it",
    .description =
        "Each output of EXPR becomes a record; no output drops the record as filtered. Parts that EXPR does "
        "not touch are "
        "copied as they are written, and \"map .\" changes nothing.\n\n"
        "An error in EXPR fails the whole record with kind expr: none of its outputs is passed on.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "what to make, in jq's language"}},
    .traits = {.stateless = true},
    .examples = {{.title = "pick and rename fields",
                  .words = "map '{user, ms: .latency}'",
                  .input = "{\"user\":\"ann\",\"latency\":12,\"host\":\"a1\"}\n",
                  .output = "{\"user\":\"ann\",\"ms\":12}\n"},
                 {.title = "set one field and keep the rest as it is",
                  .words = "map '.price = .price * 2'",
                  .input = "{\"id\":9007199254740993,\"price\":1.5}\n",
                  .output = "{\"id\":9007199254740993,\"price\":3}\n"}},
    .build = build,
};

}  // namespace sz
