#include "core/failure.h"
#include "plan/registry.h"

namespace sz::plan {
namespace {

std::vector<std::string_view> failure_kind_names() {
  std::vector<std::string_view> names;
  names.reserve(failure_kinds);
  for (std::size_t i = 0; i < failure_kinds; ++i) names.push_back(name(static_cast<FailureKind>(i)));
  return names;
}

const Declaration help_command{
    .name = "help",
    .aliases = {},
    .section = "Commands",
    .summary = "print a page of the manual",
    .description =
        "Without a word: everything that sz --help prints. SUBJECT is a stage, a command or a topic.",
    .positionals = {{.name = "SUBJECT",
                     .type = ValueType::text,
                     .help = "a stage, a command or a topic",
                     .required = false}},
    .options = {},
    .traits = {},
    .examples =
        {{.title = "what a stage does", .words = "help batch", .input = {}, .output = {}},
         {.title = "what becomes of failed records", .words = "help failures", .input = {}, .output = {}}},
};

const Declaration completion_command{
    .name = "completion",
    .aliases = {},
    .section = "Commands",
    .summary = "print the completion script of a shell",
    .description =
        "The packages install it where the shell looks for it; by hand: bash and zsh read it with source, "
        "fish from its "
        "completions directory.",
    .positionals = {{.name = "SHELL", .type = ValueType::text, .help = "bash, zsh or fish"}},
    .options = {},
    .traits = {},
    .examples = {{.title = "for this bash", .words = "completion bash > sz.bash", .input = {}, .output = {}},
                 {.title = "for fish",
                  .words = "completion fish > ~/.config/fish/completions/sz.fish",
                  .input = {},
                  .output = {}}},
};

const Declaration replay_command{
    .name = "replay",
    .aliases = {},
    .section = "Commands",
    .summary = "print the records of a dead-letter file again",
    .description =
        "Prints what --dlq kept, byte for byte and in the order of the file, up to the size that FILE had "
        "when it was "
        "opened: a run that appends to the same file never feeds itself.\n\n"
        "As original, each input line is printed once, even if several letters stand for it. As record, each "
        "letter gives "
        "the record as it reached the stage that failed.\n\n"
        "Letters without a whole original are counted and give exit status 1. Torn lines are counted and "
        "skipped.",
    .positionals = {{.name = "FILE", .type = ValueType::file, .help = "the dead-letter file"}},
    .options = {{.name = "--kind",
                 .letter = 0,
                 .type = ValueType::choice,
                 .metavar = "KIND",
                 .help = "only failures of this kind; may be given again",
                 .fallback = {},
                 .choices = failure_kind_names(),
                 .repeats = true},
                {.name = "--stage",
                 .letter = 0,
                 .type = ValueType::text,
                 .metavar = "STAGE",
                 .help = "only failures in stages of this name; may be given again",
                 .fallback = {},
                 .choices = {},
                 .repeats = true},
                {.name = "--as",
                 .letter = 0,
                 .type = ValueType::choice,
                 .metavar = "original|record",
                 .help = "print the input line, or the record that failed",
                 .fallback = "original",
                 .choices = {"original", "record"}}},
    .traits = {},
    .examples = {{.title = "run them again",
                  .words = "replay dead.ndjson | sz --dlq still-dead.ndjson map '.price | tonumber'",
                  .input = {},
                  .output = {}},
                 {.title = "see what one kind of failure was about",
                  .words = "replay dead.ndjson --kind expr --as record",
                  .input = {},
                  .output = {}}},
};

const Declaration letter_stats_command{
    .name = "dlq stats",
    .aliases = {"dlq"},
    .section = "Commands",
    .summary = "table the kinds, stages and times of dead letters",
    .description =
        "Reads a dead-letter file and counts its letters by kind and stage, with the first and last time of "
        "each.",
    .positionals = {{.name = "FILE", .type = ValueType::file, .help = "the dead-letter file"}},
    .options = {},
    .traits = {},
    .examples = {{.title = "what failed, where and when",
                  .words = "dlq stats dead.ndjson",
                  .input = {},
                  .output = {}},
                 {.title = "and then one kind of them",
                  .words = "dlq stats dead.ndjson && sz replay dead.ndjson --kind expr",
                  .input = {},
                  .output = {}}},
};

}  // namespace

Declarations commands() {
  static constexpr const Declaration* all[] = {&replay_command, &letter_stats_command, &completion_command,
                                               &help_command};
  return all;
}

}  // namespace sz::plan
