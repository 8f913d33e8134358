#include <utility>

#include <fmt/format.h>

#include "core/declaration.h"
#include "core/stage.h"
#include "stages/command_stage.h"
#include "stages/tap_branch.h"

namespace sz {
namespace {

class Tap final : public Stage {
 public:
  Tap(std::optional<std::string> path, bool append) : path_(std::move(path)), append_(append) {}

  std::expected<void, SystemError> open(SideFiles& files) override {
    if (!path_) {
      file_ = files.standard_error();
      return {};
    }
    auto opened = files.open(*path_, append_);
    if (!opened) return std::unexpected(std::move(opened.error()));
    file_ = *opened;
    return {};
  }

  void push(Record& record) override {
    enter();
    file_->write(record.text());
    file_->write("\n");
    emit(record);
  }

 private:
  std::optional<std::string> path_;
  bool append_;
  SideFile* file_ = nullptr;
};

/// Hands each record to a command and passes it on when the command has ended, however that was.
class TapByCommand final : public CommandStage {
 public:
  explicit TapByCommand(CommandOptions options) : CommandStage(std::move(options), false) {}

 private:
  void succeeded(Record& record, Result&) override { emit(record); }
  void failed(Record& record, Failure failure) override {
    fail_copy(record, std::move(failure));
    emit(record);
  }
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  if (arguments.groups != 0) {
    for (const std::string_view name : {"--to", "--stderr", "--append", "--exec", "--sh", "--worker"})
      if (arguments.given(name))
        return std::unexpected(arguments.error(name, fmt::format("{} does not go with [ ... ]", name)));
    return make_tap_branch();
  }
  auto command = CommandOptions::read(arguments, settings, {"--to", "--stderr", "--append"});
  if (!command) return std::unexpected(std::move(command.error()));
  if (*command) return std::make_unique<TapByCommand>(std::move(**command));
  const auto path = arguments.text("--to");
  if (path.has_value() == arguments.flag("--stderr"))
    return std::unexpected(
        arguments.error(path ? "--stderr" : "", "tap needs --to FILE, --stderr, a command or [ ... ]"));
  if (!path && arguments.flag("--append"))
    return std::unexpected(arguments.error("--append", "--append goes with --to FILE"));
  return std::make_unique<Tap>(path, arguments.flag("--append"));
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  if (CommandOptions::explain(arguments, settings, of)) return;
  of.branches = arguments.groups != 0;
  if (of.branches) {
    of.order = "kept: the record goes on at once, a copy goes into the branch";
    of.end = "the branch ends";
  } else {
    of.end = arguments.given("--to") ? "the file is written out" : "";
  }
}

}  // namespace

extern const Declaration tap_stage;
const Declaration tap_stage = {
    .name = "tap",
    .section = "Routing",
    .summary = "pass records on, and a copy to a file, a command or a pipeline",
    .description =
        "Records pass unchanged. The file is truncated at the start, as tee does, and what was written is in "
        "it before sz waits for "
        "anything.\n\n"
        "A file that cannot be written ends the run with status 3. A take behind a tap does not stop the "
        "reading: the rest is read for "
        "the file.\n\n"
        "With a command the record is passed on when the command has ended. Its output is ignored; if it "
        "fails, "
        "a dead letter with `tap` says so, and the record is passed on all the same. See sz help "
        "commands.\n\n"
        "With a bracket a copy of each record goes through it and what comes out is thrown away; the record "
        "itself "
        "goes on at once. A copy that fails is reported with tap and makes its line a failed one.",
    .options = CommandOptions::declare(
        {{.name = "--to", .type = ValueType::file, .metavar = "FILE", .help = "write to FILE"},
         {.name = "--append", .help = "add to FILE instead of truncating it"},
         {.name = "--stderr", .help = "write to standard error"}}),
    .traits = {.effect = true, .repeatable = true, .min_groups = 0, .max_groups = 1},
    .examples = {{.title = "keep what was read beside what comes out",
                  .words = "tap --to all.ndjson then filter .ok",
                  .input = "{\"ok\":true,\"n\":1}\n{\"ok\":false,\"n\":2}\n",
                  .output = "{\"ok\":true,\"n\":1}\n"},
                 {.title = "watch the records pass",
                  .words = "tap --stderr then map .n",
                  .input = "{\"n\":1}\n{\"n\":2}\n",
                  .output = "1\n2\n"},
                 {.title = "tell a command, and go on whatever it says",
                  .words = "tap --sh 'cat >>seen.ndjson' then map .n",
                  .input = "{\"n\":1}\n{\"n\":2}\n",
                  .output = "1\n2\n"},
                 {.title = "keep the errors beside what comes out",
                  .words = "tap [ filter .error then tap --to errors.ndjson ] then map .n",
                  .input = "{\"n\":1}\n{\"n\":2,\"error\":true}\n",
                  .output = "1\n2\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
