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

const Declaration run_command{
    .name = "run",
    .aliases = {},
    .section = "Commands",
    .summary = "run a pipeline that stands in a file",
    .description =
        "Each line of FILE is one step. # starts a comment at the start of a word; a line that ends in a "
        "backslash goes on with the next. Inside brackets a line end behind [ or before ] separates nothing, "
        "and a line that starts with [, ] or else [ goes on with its step. '...' and \"...\" quote, also "
        "over "
        "lines; between double quotes \\\" and \\\\ stand for a quote and a backslash. Nothing is "
        "expanded.\n\n"
        "Options of sz come first, on lines of their own. Those on the command line, before run or behind "
        "FILE, win over them, and so do inputs.\n\n"
        "  #!/usr/bin/env -S sz run\n"
        "  --time .ts --lateness 5s            # globals first\n"
        "  filter '.status >= 500'\n"
        "  split .retried [\n"
        "    tap --to again.ndjson\n"
        "  ]\n"
        "  [ ]\n"
        "  window tumbling --size 1m --by .service n=count\n\n"
        "With such a first line FILE is a program, if it may be executed.",
    .positionals = {{.name = "FILE", .type = ValueType::file, .help = "the pipeline"},
                    {.name = "INPUT...",
                     .type = ValueType::file,
                     .help = "what to read; - is standard input, as it is without any",
                     .required = false}},
    .options = {},
    .traits = {},
    .examples = {{.title = "on a file", .words = "run clean.sz app.log", .input = {}, .output = {}},
                 {.title = "on standard input, with another dead-letter file",
                  .words = "--dlq today.ndjson run clean.sz < app.log",
                  .input = {},
                  .output = {}}},
};

const Declaration explain_command{
    .name = "explain",
    .aliases = {},
    .section = "Commands",
    .summary = "print the plan of a pipeline; reads no input",
    .description =
        "For each step: whether it keeps the order, what it keeps in memory and which option bounds that, "
        "how "
        "long a record may wait in it, which clock it asks, what the end of input does to it, and where its "
        "failures go. Then what runs in parallel and why the rest does not, and everything that can make two "
        "runs differ.\n\n"
        "The pipeline is checked as for a run. No input, output or command is touched.",
    .positionals = {{.name = "PIPELINE",
                     .type = ValueType::text,
                     .help = "options of sz, then stages; or run FILE"}},
    .options = {},
    .traits = {},
    .examples = {{.title = "what a pipeline will do",
                  .words = "explain --time .ts dedupe --by .id --ttl 1h then batch --size 100",
                  .input = {},
                  .output = {}},
                 {.title = "one in a file", .words = "explain run clean.sz", .input = {}, .output = {}}},
};

const Declaration demo_command{
    .name = "demo",
    .aliases = {},
    .section = "Commands",
    .summary = "print a made-up log to try things on",
    .description =
        "Lines as a web service logs them, with time, level, service, user, path, status, milliseconds and "
        "bytes. "
        "Services have good and bad minutes, some lines come late or twice, a few have a value of another "
        "type, and about one in 200 is no JSON: so that there is something to find.\n\n"
        "The lines are the same for the same --seed, and a longer log begins like a shorter one. Times begin "
        "at 2026-01-01T00:00:00Z "
        "and go on by a tenth of a second on average, or with --rate as fast as the lines come.",
    .positionals = {},
    .options = {{.name = "--count",
                 .letter = 'n',
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "so many lines; 0 goes on without end",
                 .fallback = "1000"},
                {.name = "--rate",
                 .letter = 0,
                 .type = ValueType::rate,
                 .metavar = "N/UNIT",
                 .help = "so many lines a unit of time: 50/s; default: at once"},
                {.name = "--seed",
                 .letter = 0,
                 .type = ValueType::count,
                 .metavar = "N",
                 .help = "another N, another log",
                 .fallback = "0"}},
    .traits = {},
    .examples = {{.title = "errors by the minute",
                  .words =
                      "demo | sz --time .ts filter '.level == \"error\"' then window tumbling --size 1m --by "
                      ".service n=count",
                  .input = {},
                  .output = {}},
                 {.title = "a live stream",
                  .words = "demo --rate 50/s -n 0 | sz monitor --every 1s",
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
  static constexpr const Declaration* all[] = {&run_command,    &explain_command,      &demo_command,
                                               &replay_command, &letter_stats_command, &completion_command,
                                               &help_command};
  return all;
}

}  // namespace sz::plan
