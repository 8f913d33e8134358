#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/buffer.h"
#include "core/declaration.h"
#include "core/joining.h"

namespace sz {
namespace {

/// With --isolate.
struct Isolation {
  std::uint64_t records = 0;
  Buffer::WhenFull when_full = Buffer::WhenFull::block;
};

/// A copy of each record for every branch, which may have a buffer of its own at its head.
class Fanout final : public Joining {
 public:
  Fanout(std::size_t branches, std::optional<Isolation> isolation) : all_(branches), isolation_(isolation) {
    std::iota(all_.begin(), all_.end(), 0U);
  }

  std::unique_ptr<Stage> make_front(std::size_t i) override {
    if (!isolation_) return nullptr;
    return std::make_unique<Buffer>(Buffer::Limits{.records = isolation_->records, .bytes = {}},
                                    isolation_->when_full, i + 1);
  }

  void push(Record& record) override {
    enter();
    route(record, all_);
  }

 private:
  std::vector<std::size_t> all_;
  std::optional<Isolation> isolation_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  const auto records = arguments.count("--isolate");
  if (!records) {
    if (arguments.given("--when-full"))
      return std::unexpected(arguments.error("--when-full", "--when-full goes with --isolate N"));
    return std::make_unique<Fanout>(arguments.groups, std::nullopt);
  }
  if (*records == 0) return std::unexpected(arguments.error("--isolate", "--isolate must be at least 1"));
  const auto when_full = arguments.text("--when-full");
  using enum Buffer::WhenFull;
  return std::make_unique<Fanout>(arguments.groups,
                                  Isolation{.records = *records,
                                            .when_full = when_full == "drop-newest"   ? drop_newest
                                                         : when_full == "drop-oldest" ? drop_oldest
                                                                                      : block});
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  explain_joining(of);
  const auto records = arguments.count("--isolate");
  if (!records) return;
  of.order = "by arrival, kept within a branch (--isolate)";
  of.memory = fmt::format("{} records for each branch (--isolate)", *records);
  of.latency = "as long as the branch is busy";
  of.varies = {"isolated branches join by arrival"};
  if (arguments.text("--when-full") != "block")
    of.varies.emplace_back("what --when-full drops depends on how fast the branches are");
}

}  // namespace

extern const Declaration fanout_stage;
const Declaration fanout_stage = {
    .name = "fanout",
    .section = "Routing",
    .summary = "send a copy of each record down every branch",
    .description =
        "Each branch sees every record. What comes out of them joins in the order of the input, and for one "
        "record "
        "in the order of the branches; an empty bracket passes the record on as it is.\n\n"
        "Of all that comes of a line the strongest fate counts: one copy that fails makes it a failed line, "
        "even if the "
        "others have left. The end, failures and what waits for commands are as with switch.\n\n"
        "With --isolate each branch has a buffer of N records of its own, so that one that is slow does not "
        "hold the others up; what comes out joins as it comes. When the buffer of a branch is full, block "
        "stops the reading; drop-newest drops the copy that comes, drop-oldest the one that waits longest "
        "there: dropped, with reason full, counted for each branch. What all branches lead to still holds "
        "all of them back.",
    .options = {{.name = "--isolate",
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "let up to N records wait for each branch by itself"},
                {.name = "--when-full",
                 .type = ValueType::choice,
                 .metavar = "block|drop-newest|drop-oldest",
                 .help = "what to do when so many wait",
                 .fallback = "block",
                 .choices = {"block", "drop-newest", "drop-oldest"}}},
    .traits =
        {.routes = true, .repeatable = true, .min_groups = 1, .max_groups = 1000, .keeps_with = "--isolate"},
    .examples = {{.title = "the records and what is made of them",
                  .words = "fanout [ ] [ map '{sum: (.a + .b)}' ]",
                  .input = "{\"a\":1,\"b\":2}\n",
                  .output = "{\"a\":1,\"b\":2}\n{\"sum\":3}\n"},
                 {.title = "the first record and batches of all of them",
                  .words = "fanout [ take 1 ] [ batch --size 2 ]",
                  .input = "1\n2\n3\n",
                  .output = "1\n[1,2]\n[3]\n"},
                 {.title = "a slow command that may miss records beside a file that gets them all",
                  .words = "fanout --isolate 1000 --when-full drop-oldest [ map --exec 'sed s/a/b/' ] [ tap "
                           "--to all.ndjson then filter false ]",
                  .input = "\"a\"\n",
                  .output = "\"b\"\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
