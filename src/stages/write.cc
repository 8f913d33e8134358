#include <utility>

#include <fmt/format.h>

#include "core/declaration.h"
#include "core/stage.h"
#include "stages/file_pattern.h"

namespace sz {
namespace {

/// Ends each record in the file that the pattern makes of it.
class Write final : public Stage {
 public:
  struct Options {
    FilePattern pattern;
    bool append = false;
    bool raw = false;
    std::uint64_t most_files = 0;
  };
  explicit Write(Options options) : o_(std::move(options)) {}

  std::expected<void, SystemError> open(SideFiles& files) override {
    if (o_.pattern.plain()) return take(file_, files.open(o_.pattern.path(), o_.append));
    return take(tree_, files.open_tree(o_.pattern.directory(), o_.append, o_.most_files));
  }

  void push(Record& record) override {
    enter();
    if (run().stopping && run().came_later(record)) return filter_out(record);
    if (file_ != nullptr) {
      file_->write(text(record));
      file_->write("\n");
    } else {
      const auto name = o_.pattern.name(record.value());
      if (!name) return fail(record, FailureKind::path, name.error());
      if (auto written = tree_->write(*name, text(record)); !written)
        return fail(record, std::move(written.error()));
    }
    ++counts().out;
    record.origin.settle(run().ledger, Verdict::out);
  }

 private:
  template <class File>
  static std::expected<void, SystemError> take(File*& into, std::expected<File*, SystemError> opened) {
    if (!opened) return std::unexpected(std::move(opened.error()));
    into = *opened;
    return {};
  }
  std::string_view text(Record& record) {
    if (o_.raw && record.value().kind() == json::Kind::string) return record.value().string(decoded_);
    return record.text();
  }

  Options o_;
  SideFile* file_ = nullptr;  // of a pattern without places
  SideTree* tree_ = nullptr;
  std::string decoded_;
};

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings& settings) {
  auto pattern = FilePattern::parse(*arguments.text("PATTERN"));
  if (!pattern) {
    const Template::Fault& fault = pattern.error();
    return std::unexpected(arguments.error("PATTERN", fault.message, {}, fault.offset, fault.length));
  }
  return std::make_unique<Write>(Write::Options{.pattern = std::move(*pattern),
                                                .append = arguments.flag("--append"),
                                                .raw = settings.raw_output,
                                                .most_files = settings.max_keys});
}

void explain(const Arguments& arguments, const Settings& settings, Explanation& of) {
  const bool places = !FilePattern::parse(*arguments.text("PATTERN"))->plain();
  of.order = "kept within a file; nothing goes further";
  of.end = "the files are written out";
  if (!places) return;
  of.memory =
      fmt::format("the names of {}, and the lines of files that are open",
                  settings.max_keys == 0 ? std::string("any number of files (--max-keys 0)")
                                         : fmt::format("at most {} files (--max-keys)", settings.max_keys));
  of.failures = "path, full";
}

}  // namespace

extern const Declaration write_stage;
const Declaration write_stage = {
    .name = "write",
    .section = "Routing",
    .summary = "end records in files, whose names may come of them",
    .description =
        "Each record becomes a line of the file PATTERN, in the order in which they come, and goes no "
        "further: nothing can stand behind write. They count as out, as on standard output.\n\n"
        "A place {.path} in PATTERN, a jq path of names and indexes, is filled from the record ({{ is a "
        "brace). All bytes of the value but A-Z a-z 0-9 _ - and a dot that is not its first are written "
        "%XX, so a value is always one name or part of one. A record whose value is empty, null, missing, an "
        "array or an object, or that makes a name of more than 255 bytes, fails with kind path.\n\n"
        "What stands before the last / in front of the first place is the directory. It must be there; "
        "further directories are made. No record gets out of it: symbolic links below it are not followed, "
        "and what is no regular file, has a second name (a hard link) or is an input or another output is "
        "not written: such a record fails with kind path.\n\n"
        "A file is truncated when its first record comes, with --append never; a torn last line is closed "
        "first. 256 files are open at a time, the least recently used one is closed; later ones are "
        "opened again and added to. What was written is in the files before sz waits for anything, and 100 "
        "ms "
        "later at the latest, by whole lines. More files than --max-keys: the record fails with kind "
        "full.\n\n"
        "Without a place PATTERN is an output like that of tap --to: opened at the start, links are "
        "followed, and a FIFO waits for its reader.\n\n"
        "A file that cannot be written (a full disk) is cut back to its last whole line and ends the run "
        "with "
        "status 3.",
    .positionals = {{.name = "PATTERN",
                     .type = ValueType::file,
                     .help = "the file, with {.path} where the record says which"}},
    .options = {{.name = "--append", .help = "add to files that are there instead of truncating them"}},
    .traits = {.effect = true, .ends = true},
    .examples = {{.title = "a file for each service",
                  .words = "write '{.service}.ndjson'",
                  .input = "{\"service\":\"cart\",\"n\":1}\n{\"service\":\"mail\",\"n\":2}\n",
                  .output = ""},
                 {.title = "errors into a file, the rest goes on",
                  .words = "switch '.level == \"error\"' [ write errors.ndjson ] else [ map .n ]",
                  .input = "{\"level\":\"error\",\"n\":1}\n{\"level\":\"info\",\"n\":2}\n",
                  .output = "2\n"},
                 {.title = "what names no file into one of its own",
                  .words = "catch [ write unnamed.ndjson ] write '{.user.id}.ndjson' --append",
                  .input = "{\"user\":{\"id\":7}}\n{\"user\":null}\n",
                  .output = ""}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
