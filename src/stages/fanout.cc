#include <numeric>
#include <utility>
#include <vector>

#include "core/declaration.h"
#include "core/joining.h"

namespace sz {
namespace {

/// A copy of each record for every branch.
class Fanout final : public Joining {
 public:
  explicit Fanout(std::size_t branches) : all_(branches) { std::iota(all_.begin(), all_.end(), 0U); }

  void push(Record& record) override {
    enter();
    route(record, all_);
  }

 private:
  std::vector<std::size_t> all_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  return std::make_unique<Fanout>(arguments.groups);
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
        "others have left. The end, failures and what waits for commands are as with switch.",
    .traits = {.repeatable = true, .min_groups = 1, .max_groups = 1000},
    .examples = {{.title = "the records and what is made of them",
                  .words = "fanout [ ] [ map '{sum: (.a + .b)}' ]",
                  .input = "{\"a\":1,\"b\":2}\n",
                  .output = "{\"a\":1,\"b\":2}\n{\"sum\":3}\n"},
                 {.title = "the first record and batches of all of them",
                  .words = "fanout [ take 1 ] [ batch --size 2 ]",
                  .input = "1\n2\n3\n",
                  .output = "1\n[1,2]\n[3]\n"}},
    .build = build,
};

}  // namespace sz
