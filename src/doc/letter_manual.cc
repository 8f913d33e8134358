#include "doc/letter_manual.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "core/failure.h"
#include "doc/mdoc.h"

namespace sz::doc {
namespace {

struct Field {
  std::string_view name, text;
};

// In the order in which they are written.
constexpr std::array fields = {
    Field{"v", "1, the version of the format. A reader must pass over fields that it does not know."},
    Field{"id", "Names the letter: run and a number."},
    Field{"ts", "When it was written, on the wall's clock, RFC 3339 in UTC."},
    Field{"run", "Names the run of sz that wrote it; 16 hexadecimal digits, also in --events."},
    Field{"src", "The input: the path as it was given, or - for standard input."},
    Field{"line",
          "The number of the line in that input, from 1. Not there, with offset and bytes, for a record "
          "that is made of many lines which were not kept."},
    Field{"offset", "Where the line begins in the input, in bytes from 0."},
    Field{"bytes", "How long the line is, without its line end."},
    Field{"stage", "The stage that failed it; input for what was wrong before the first stage."},
    Field{"index", "The number of that stage in the pipeline, from 1, as it is written; 0 for the input."},
    Field{"kind", "Why, one of a closed list; see KINDS."},
    Field{"error", "The same for people, one phrase. It may quote the record."},
    Field{"exit", "The exit status of the command, with exec_exit and exec_output."},
    Field{"signal", "The number of the signal that the command died of, with exec_signal and exec_timeout."},
    Field{"stderr", "The last 8 KiB of what the command wrote on standard error."},
    Field{"attempts",
          "How often a retry tried it; where one wraps another, the outermost: how often the inner ones "
          "tried it in each of those is not said."},
    Field{"original", "The input line, as a JSON string."},
    Field{"original_b64", "The same in base64 (RFC 4648) in place of original, where the line is not UTF-8."},
    Field{"truncated",
          "true: original is the beginning only, 4 KiB of a line over --max-line or what there was "
          "of one that the end of the run cut off."},
    Field{"record",
          "The record as it reached the stage, where that is not the value of the line. Of letters of "
          "one group only the first has it."},
    Field{"record_b64",
          "The same in base64 in place of record, where it nests too deep to stand in a letter."},
    Field{"group",
          "The letters with the same run and group are the lines of one record, a batch say, that "
          "failed whole."},
    Field{"lines", "The first and last line, for a record that is made of many whose lines were not kept."},
    Field{"count", "How many lines those are."},
    Field{"tap", "true: a copy failed that a tap had made; the record itself went on."},
    Field{"cause",
          "The failure that a catch had taken before this one: an object with stage, index, kind, error and "
          "what else a failure has."},
};

constexpr std::array<std::string_view, failure_kinds> meanings = {
    "The line is not JSON, or with -R not UTF-8.",
    "The line is longer than --max-line.",
    "The line nests deeper than 1024.",
    "--time gave no usable instant, or one beyond --max-ahead.",
    "An expression failed, with jq's words, or took more than --max-value or --max-steps.",
    "A value is of a type that the stage cannot use.",
    "A {.path} in a command cannot be filled from the record.",
    "A command ended with a status that means failure.",
    "A command died of a signal.",
    "A command took longer than --timeout.",
    "A command could not be started.",
    "The output of a command is not what it must be: not JSON, too much, or an answer that nobody asked for.",
    "The circuit breaker was open.",
    "Over the rate of a throttle.",
    "A bound on keys, records or files was reached.",
    "Every window that it belongs to was closed.",
    "No file name can be made of it.",
    "The run ended before it was done.",
    "A fault of sz: please report it.",
};

}  // namespace

std::string letter_manual() {
  Mdoc page;
  for (const char* line : {"Dd November 23, 2026", "Dt SZ-DLQ 5", "Os", "Sh NAME", "Nm sz-dlq"})
    page.macro(line);
  page.macro("Nd the format of the dead-letter files of sz");
  page.macro("Sh DESCRIPTION");
  page.paragraphs(
      "A dead-letter file is what sz --dlq FILE appends to: one JSON object a line for each record that "
      "failed. A "
      "batch that failed whole has a letter for each of its lines. Several processes may append to one file; "
      "letters are whole lines, written under flock(2).\n\n"
      "sz replay FILE prints the records again, sz dlq stats FILE counts them. Both pass over a torn last "
      "line.");
  page.macro("Sh FIELDS OF A LETTER");
  page.text("Fields stand in this order, and one that has nothing to say is left out.");
  page.macro("Bl -tag -width original_b64");
  for (const Field& field : fields) {
    page.macro(fmt::format("It Sy {}", field.name));
    page.text(field.text);
  }
  page.macro("El");
  page.macro("Sh KINDS");
  page.macro("Bl -tag -width breaker_open");
  for (std::size_t i = 0; i < failure_kinds; ++i) {
    page.macro(fmt::format("It Sy {}", name(static_cast<FailureKind>(i))));
    page.text(meanings[i]);
  }
  page.macro("El");
  page.macro("Sh FILES");
  page.paragraphs(
      "The file is made with mode 0600 if it is not there: letters hold the data. Symbolic links are not "
      "followed. It is for logrotate(8) to move away; a run that has it open goes on in the moved one.");
  page.macro("Sh EXAMPLES");
  page.text("What failed, by kind:");
  page.literal(
      "sz --dlq dead.ndjson map '.price | tonumber' < in.ndjson > out.ndjson\nsz dlq stats dead.ndjson\n");
  page.text("The lines that were no JSON, as they were:");
  page.literal("sz replay --kind parse dead.ndjson\n");
  page.text("Those of the last hour again:");
  page.literal(
      "sz filter '.ts > (now - 3600 | todate)' < dead.ndjson > recent.ndjson\n"
      "sz replay recent.ndjson | sz --dlq still-dead.ndjson map '.price // 0'\n");
  page.macro("Sh SEE ALSO");
  page.macro("Xr sz 1 ,");
  page.macro("Xr sz-expr 7");
  return ".\\\" Made from src/doc/letter_manual.cc: do not edit.\n" + page.take();
}

}  // namespace sz::doc
