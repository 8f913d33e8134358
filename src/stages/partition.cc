#include <utility>

#include <fmt/format.h>

#include "core/hash.h"
#include "core/joining.h"
#include "expr/argument.h"
#include "expr/key.h"

namespace sz {
namespace {

/// Copies of one branch; a stable hash of the key picks one, or they take turns.
class Partition final : public Joining {
 public:
  Partition(std::size_t copies, expr::KeyOf by, std::uint64_t seed)
      : copies_(copies), by_(std::move(by)), seed_(seed) {}

  void push(Record& record) override {
    enter();
    if (!by_.keyed()) {
      const std::size_t turn = turn_;
      turn_ = turn_ + 1 == copies_ ? 0 : turn_ + 1;
      return route(record, turn);
    }
    const auto key = by_(record.value(), clock());
    if (!key) return fail(record, FailureKind::expr, key.error());
    const auto wide = static_cast<unsigned __int128>(seeded_hash(*key, seed_)) * copies_;
    route(record, static_cast<std::size_t>(wide >> 64U));
  }
  std::size_t copies() const override { return copies_; }

 private:
  std::size_t copies_;
  expr::KeyOf by_;
  std::uint64_t seed_;
  std::size_t turn_ = 0;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  constexpr std::uint64_t most = 1000;
  auto by = expr::compile_optional(arguments, "--by", settings);
  if (!by) return std::unexpected(std::move(by.error()));
  if (by->has_value() == arguments.flag("--round-robin"))
    return std::unexpected(arguments.error(by->has_value() ? "--round-robin" : "",
                                           "partition needs either --by EXPR or --round-robin"));
  const auto copies = arguments.count("--copies");
  if (!copies) return std::unexpected(arguments.error("", "partition needs -n N", "for example: -n 4"));
  if (*copies == 0 || *copies > most)
    return std::unexpected(arguments.error("--copies", fmt::format("-n must be 1 to {}", most)));
  return std::make_unique<Partition>(static_cast<std::size_t>(*copies), expr::KeyOf(std::move(*by)),
                                     settings.seed);
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  explain_joining(of);
  if (arguments.given("--by")) of.failures = "expr";
  if (!of.memory.empty()) of.memory += "; ";
  of.memory += fmt::format("{} times what its branch keeps (-n)", arguments.count("--copies").value_or(0));
}

}  // namespace

extern const Declaration partition_stage;
const Declaration partition_stage = {
    .name = "partition",
    .section = "Routing",
    .summary = "share the records out among copies of a branch, by key",
    .description =
        "Makes N copies of the bracket, each with a state of its own. A hash of the key, seeded by --seed "
        "and the same "
        "everywhere, picks one, so that records with one key meet in one copy; with --round-robin the copies "
        "take "
        "turns.\n\n"
        "What comes out joins in the order of the input. The end, failures and what waits for commands are "
        "as with switch. Commands in the copies run side by side, --jobs for each copy; a bracket of "
        "expressions alone at the start of the pipeline runs on the threads of -j, whatever N is.",
    .options = {{.name = "--copies",
                 .letter = 'n',
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "so many copies"},
                {.name = "--by", .type = ValueType::expression, .metavar = "EXPR", .help = "the key"},
                {.name = "--round-robin", .help = "let the copies take turns"}},
    .traits = {.routes = true, .repeatable = true, .min_groups = 1, .max_groups = 1},
    .examples = {{.title = "batches in which no key is torn apart",
                  .words = "partition --by .user -n 2 [ batch --size 2 ]",
                  .input = "{\"user\":\"a\"}\n{\"user\":\"a\"}\n",
                  .output = "[{\"user\":\"a\"},{\"user\":\"a\"}]\n"},
                 {.title = "in turns",
                  .words = "partition --round-robin -n 2 [ batch --size 2 ]",
                  .input = "1\n2\n3\n4\n",
                  .output = "[1,3]\n[2,4]\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
