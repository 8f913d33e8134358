#include "core/declaration.h"
#include "core/explanation.h"
#include "core/stage.h"

namespace sz {
namespace {

/// The reading itself is the run's: what comes here goes on.
class Merge final : public Stage {
 public:
  void push(Record& record) override {
    enter();
    emit(record);
  }
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  if (arguments.flag("--by-time") && !settings.event_time)
    return std::unexpected(arguments.error("--by-time", "merge --by-time needs --time EXPR",
                                           "for example: sz --time .ts merge --by-time a.ndjson b.ndjson"));
  return std::make_unique<Merge>();
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  of.memory = "about 512 KiB and the longest line for each FILE";
  if (arguments.flag("--by-time")) {
    of.order = "that of the records' time, then of the FILEs";
    of.latency = "until each FILE has a next record, is over, or is silent for --idle-timeout";
  } else {
    of.order = "as records arrive; kept within a FILE";
    of.varies.emplace_back("which of several FILEs has a record first");
  }
}

}  // namespace

extern const Declaration merge_stage;
const Declaration merge_stage = {
    .name = "merge",
    .section = "Routing",
    .summary = "read several files and FIFOs at once",
    .description =
        "The first stage of all: reads the FILEs side by side instead of one after the other, so one that is "
        "silent does not hold up the others. - is stdin. It brings the input: -i and -- do not go with "
        "it.\n\n"
        "Records pass in the order in which they arrive, those of one FILE in its order. FILEs that have "
        "something give up to 256 KiB each in turn, so none starves; regular files always have something. "
        "This order is not determined.\n\n"
        "With --by-time the records of all FILEs come in the order of their --time, as in one file that was "
        "sorted, if each FILE is in order; of equal times the FILE that is named first goes first. The "
        "next record of each FILE is needed for that: one that is silent holds the others until there is a "
        "record or its end, or until --idle-timeout, after which the others go on without it. Only "
        "--idle-timeout makes this order depend on when things arrive.\n\n"
        "A FILE that cannot be opened or read is reported, the others go on, and the exit status is 3. Each "
        "end is an event (--events). Dead letters say from which FILE and line. Memory: about 512 KiB and "
        "the longest line for each FILE.",
    .positionals = {{.name = "FILE...",
                     .type = ValueType::file,
                     .help = "files and FIFOs to read; - is stdin"}},
    .options = {{.name = "--by-time", .help = "in the order of the records' --time"}},
    .traits = {.stateless = true, .reads = true},
    .examples = {{.title = "two logs as they grow",
                  .words = "merge <(echo 1) - then batch --size 2 then map add",
                  .input = "2\n",
                  .output = "3\n"},
                 {.title = "two logs by the time in them",
                  .words = "--time .t merge --by-time <(echo '{\"t\":2}') - then map .t",
                  .input = "{\"t\":1}\n{\"t\":3}\n",
                  .output = "1\n2\n3\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
