#include <vector>

#include "plan/registry.h"

namespace sz::plan {
namespace {

using enum ValueType;

OptionDeclaration option(std::string_view name, char letter, ValueType type, std::string_view metavar,
                         std::string_view fallback, std::string_view help,
                         std::vector<std::string_view> choices = {}) {
  return {.name = name,
          .letter = letter,
          .type = type,
          .metavar = metavar,
          .help = help,
          .fallback = fallback,
          .choices = std::move(choices)};
}

OptionDeclaration flag_option(std::string_view name, char letter, std::string_view help) {
  return option(name, letter, flag, {}, {}, help);
}

std::vector<OptionDeclaration> table() {
  std::vector<OptionDeclaration> all{
      option("--input", 'i', file, "FILE", "", "read FILE, not stdin (-); may be given again"),
      option("--time", 0, expression, "EXPR", "", "run timed stages on the records' own time"),
      option("--lateness", 0, duration, "D", "0s", "with --time: windows wait so long for late records"),
      option("--max-ahead", 0, duration, "D", "",
             "with --time: a record further than D beyond the clock fails"),
      option("--idle-timeout", 0, duration, "D", "", "close every open group when no input came for D"),
      option("--dlq", 0, file, "FILE", "", "append failed records to FILE; - is stderr"),
      option("--dlq-sync", 0, choice, "exit|record|none", "exit",
             "bring dead letters to the disk at the end, with each record, or never",
             {"exit", "record", "none"}),
      flag_option("--exit-zero-on-dlq", 0, "exit 0 when every failed record is in the dead-letter file"),
      option("--on-failure", 0, choice, "continue|stop", "continue", "what to do when a record fails",
             {"continue", "stop"}),
      option("--max-failures", 0, text, "N|SHARE", "",
             "stop when more than N lines fail, or more than this share of them"),
      option("--threads", 'j', count, "N", "",
             "threads for the leading stateless stages; default: one per core, at most 4"),
      option("--seed", 0, count, "N", "0",
             "what chance decides in the output is decided the same for the same N"),
      flag_option("--raw-input", 'R', "each line is a string, not JSON"),
      flag_option("--raw-output", 'r', "print strings without quotes and escapes"),
      option("--arg", 0, text, "NAME V", "", "$NAME is the string V in every expression; may be given again"),
      option("--argjson", 0, text, "NAME JSON", "", "$NAME is the value JSON; may be given again"),
      option("--max-line", 0, size, "SIZE", "64Mi", "a longer line fails as too_long"),
      option("--max-keys", 0, count, "N", "1000000", "keys that a stage remembers at most; 0 is no limit"),
      option("--max-value", 0, size, "SIZE", "256Mi", "memory that one expression may use for one record"),
      option("--max-steps", 0, size, "N", "100M", "steps that one expression may take on one record"),
      option("--drain-timeout", 0, duration, "D", "20s", "how long a signal lets unfinished work go on"),
      option("--stats", 0, choice, "text|json", "", "print the statistics on stderr at the end",
             {"text", "json"}),
      option("--stats-file", 0, file, "FILE", "",
             "write the statistics to FILE for Prometheus, each 10 s and at the end"),
      option("--events", 0, file, "FILE", "",
             "append what happens to the pipeline itself to FILE; - is stderr"),
      option("--trace", 0, file, "FILE", "",
             "write how sampled records went through the stages to FILE, for Perfetto"),
      option("--trace-sample", 0, share, "SHARE", "1%", "with --trace: this share of the records"),
      option("--progress", 0, choice, "auto|always|never", "auto",
             "one line on stderr that shows how far the run is; auto: on a terminal, when stdout is none",
             {"auto", "always", "never"}),
      option("--color", 0, choice, "auto|always|never", "auto",
             "colour help and messages; auto: on a terminal, unless NO_COLOR is set",
             {"auto", "always", "never"}),
      flag_option("--no-exec", 0, "refuse a pipeline that runs commands"),
      flag_option("--unbuffered", 0, "accepted for compatibility, no effect: output is always prompt"),
      flag_option("--line-buffered", 0, "accepted for compatibility, no effect: output is always prompt"),
      flag_option("--help", 'h', "-h prints one screen of help, --help everything"),
      flag_option("--version", 0, "print the version"),
  };
  for (OptionDeclaration& entry : all) {
    if (entry.name == "--input") entry.repeats = true;
    if (entry.name == "--arg" || entry.name == "--argjson") entry.repeats = entry.pair = true;
    if (entry.name == "--stats") entry.value_optional = true;
  }
  return all;
}

}  // namespace

std::span<const OptionDeclaration> globals() {
  static const std::vector<OptionDeclaration> all = table();
  return all;
}

}  // namespace sz::plan
