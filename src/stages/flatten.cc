#include <utility>

#include "core/stage.h"
#include "expr/argument.h"

namespace sz {
namespace {

std::string_view kind_name(json::Kind kind) {
  constexpr std::string_view names[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
  return names[static_cast<std::size_t>(kind)];
}

/// Without EXPR the elements are read in place. With EXPR its one output is taken as text first, because it
/// may be built.
class Flatten final : public Stage {
 public:
  explicit Flatten(std::optional<expr::Program> of) : of_(std::move(of)) {}

  void push(Record& record) override {
    enter();
    json::Node array = record.value();
    if (of_) {
      const auto outputs = of_->render(record.value(), clock(), record.line);
      if (!outputs) return fail(record, FailureKind::expr, outputs.error());
      if (outputs->size() != 1)
        return fail(
            record, FailureKind::type,
            "flatten needs one array, the expression gave " + std::to_string(outputs->size()) + " values");
      const expr::Rendered& output = outputs->front();
      array = output.node.valid() ? output.node : spare_.parse_valid(output.text);
    }
    if (array.kind() != json::Kind::array)
      return fail(record, FailureKind::type,
                  "flatten needs an array, not " + std::string(kind_name(array.kind())));
    for (const json::Node element : array.elements()) {
      Record part(element.raw(), element);
      emit_part(record, part);
    }
    finish_parts(record, !array.empty());
  }

  bool reads_clock() const override { return of_ && of_->uses_now(); }

 private:
  std::optional<expr::Program> of_;
  json::Document spare_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto of = expr::compile_optional(arguments, "EXPR", settings);
  if (!of) return std::unexpected(std::move(of.error()));
  return std::make_unique<Flatten>(std::move(*of));
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  of.failures = arguments.given("EXPR") ? "type, expr" : "type";
}

}  // namespace

extern const Declaration flatten_stage;
const Declaration flatten_stage = {
    .name = "flatten",
    .aliases = {"unbatch"},
    .section = "Per record",
    .summary = "turn each array into its elements",
    .description =
        "Each element of the record, or of the array that EXPR finds in it, becomes a record, copied as it "
        "is written. An empty array "
        "drops the record as filtered.\n\n"
        "What is no array fails with kind type. Where one element of a batch fails later, every line of that "
        "batch counts as failed.",
    .positionals = {{.name = "EXPR",
                     .type = ValueType::expression,
                     .help = "where the array is; the record itself if left out",
                     .required = false}},
    .traits = {.stateless = true, .repeatable = true},
    .examples = {{.title = "one record for each element",
                  .words = "flatten",
                  .input = "[1,{\"a\":2}]\n[]\n[3]\n",
                  .output = "1\n{\"a\":2}\n3\n"},
                 {.title = "the items of an order",
                  .words = "flatten .items then filter '.qty > 1'",
                  .input = "{\"id\":7,\"items\":[{\"sku\":\"x\",\"qty\":1},{\"sku\":\"y\",\"qty\":2}]}\n",
                  .output = "{\"sku\":\"y\",\"qty\":2}\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
