#include "plan/synonyms.h"

#include <algorithm>

#include "plan/option_parser.h"
#include "plan/registry.h"

namespace sz::plan {
namespace {

struct Pair {
  std::string_view word, meant;
};

constexpr Pair stages_elsewhere[] = {
    {"cat", "map ."},
    {"cut", "map"},
    {"sed", "map"},
    {"awk", "map"},
    {"exec", "map --exec"},
    {"route", "switch"},
    {"if", "switch"},
    {"count", "aggregate n=count"},
    {"wc", "aggregate n=count"},
    {"stats", "aggregate"},
    {"sum", "aggregate sum=sum:.NAME"},
    {"group_by", "aggregate --by"},
    {"group-by", "aggregate --by"},
    {"parallel", "map --exec"},
    {"xargs", "map --exec"},
    {"grep", "filter"},
    {"select", "filter"},
    {"where", "filter"},
    {"keep", "filter"},
    {"jq", "map"},
    {"transform", "map"},
    {"put", "map"},
    {"eval", "map"},
    {"explode", "flatten"},
    {"unnest", "flatten"},
    {"head", "take"},
    {"limit", "take"},
    {"first", "take"},
    {"tail", "take --last"},
    {"drop", "skip"},
    {"offset", "skip"},
    {"group", "batch --by"},
    {"collect", "batch"},
    {"slurp", "batch"},
    {"uniq", "dedupe"},
    {"unique", "dedupe"},
    {"distinct", "dedupe"},
    {"rate", "throttle"},
    {"ratelimit", "throttle"},
    {"sleep", "throttle"},
    {"tee", "tap --to"},
};

// In the order of preference: the first that the stage has counts.
constexpr Pair options_elsewhere[] = {
    {"--key", "--by"},
    {"--group-by", "--by"},
    {"--field", "--by"},
    {"--count", "--size"},
    {"--limit", "--size"},
    {"--max", "--size"},
    {"--interval", "--every"},
    {"--period", "--every"},
    {"--timeout", "--every"},
    {"--max-wait", "--every"},
    {"--retries", "--attempts"},
    {"--tries", "--attempts"},
    {"--times", "--attempts"},
    {"--max-retries", "--attempts"},
    {"--max-attempts", "--attempts"},
    {"--parallel", "--jobs"},
    {"--concurrency", "--jobs"},
    {"--file", "--input"},
    {"--parallel", "--threads"},
    {"--jobs", "--threads"},
    {"--output", "--to"},
    {"--hop", "--slide"},
    {"--step", "--slide"},
    {"--window", "--ttl"},
    {"--wait", "--quiet"},
    {"--raw", "--raw-output"},
    {"--backoff", "--delay"},
    {"--max", "--attempts"},
    {"--threshold", "--consecutive"},
    {"--every", "--quiet"},
    {"-P", "--jobs"},
    {"-P", "--threads"},
    {"--ts", "--time"},
    {"--timestamp", "--time"},
    {"--dead-letter", "--dlq"},
    {"--dead-letters", "--dlq"},
    {"--errors", "--dlq"},
    {"--error-file", "--dlq"},
};

constexpr std::string_view compact = "a record is one line, compact: leave it out";
constexpr std::string_view gather = "sz hands on one record after the other; batch and aggregate gather them";
constexpr std::string_view no_input = "sz needs a record to begin with: echo null | sz ...";
constexpr std::string_view plain = "records are never coloured; --color is for messages and help";
constexpr std::string_view quiet = "sz says nothing on success: leave it out";
constexpr std::string_view to_file = "records go to standard output: > FILE, or tap --to FILE";
constexpr Pair unneeded[] = {
    {"-c", compact},
    {"--compact-output", compact},
    {"--tab", compact},
    {"--indent", compact},
    {"-s", gather},
    {"--slurp", gather},
    {"-n", no_input},
    {"--null-input", no_input},
    {"-C", plain},
    {"--color-output", plain},
    {"-M", plain},
    {"--monochrome-output", plain},
    {"-o", to_file},
    {"--output", to_file},
    {"-q", quiet},
    {"--quiet", quiet},
    {"--silent", quiet},
    {"--verbose", "--stats, --progress and --events say what a run does: sz help watch"},
    {"-V", "did you mean \"--version\"?"},
};

constexpr std::string_view printed =
    "what leaves the last stage is printed; tap --stderr shows it in between";
constexpr Pair no_stage[] = {
    {"print", printed},
    {"output", "what leaves the last stage goes to standard output; write and tap --to make files"},
    {"join", "batch, window and aggregate gather records; map --worker looks something up for each"},
    {"sz", "leave out \"sz\": a pipeline begins with its first stage"},
};

constexpr struct {
  std::string_view stage, option, meant;
} options_of_stages[] = {
    {"throttle", "--limit", "--rate"},
    {"throttle", "--max", "--rate"},
    {"window", "--every", "tumbling --size"},
    {"breaker", "--max-failures", "--consecutive"},
};

constexpr Pair pages[] = {
    {"jq", "expressions"},       {"regex", "expressions"}, {"functions", "expressions"},
    {"language", "expressions"}, {"exec", "commands"},     {"worker", "commands"},
    {"sh", "commands"},          {"records", "json"},      {"ndjson", "json"},
    {"exit", "status"},          {"stats", "watch"},       {"statistics", "watch"},
    {"progress", "watch"},       {"trace", "watch"},       {"signals", "output"},
    {"signal", "output"},        {"stdout", "output"},     {"files", "output"},
    {"rates", "time"},           {"sizes", "time"},        {"durations", "time"},
    {"shares", "time"},          {"clock", "time"},        {"dead-letters", "failures"},
    {"errors", "failures"},
};

std::string_view look_up(std::span<const Pair> table, std::string_view word) {
  const auto found = std::ranges::find(table, word, &Pair::word);
  return found == table.end() ? std::string_view() : found->meant;
}

}  // namespace

std::string_view stage_for(std::string_view word) { return look_up(stages_elsewhere, word); }

std::string_view option_for(std::string_view name, std::span<const OptionDeclaration> known) {
  for (const Pair& pair : options_elsewhere)
    if (name == pair.word && find_option(pair.meant, known) != nullptr) return pair.meant;
  return {};
}

std::string_view option_of_stage(std::string_view stage, std::string_view name) {
  for (const auto& pair : options_of_stages)
    if (pair.stage == stage && pair.option == name) return pair.meant;
  return {};
}

std::string_view no_stage_advice(std::string_view word) { return look_up(no_stage, word); }

std::string_view page_for(std::string_view word) { return look_up(pages, word); }

std::string_view needless(std::string_view option) { return look_up(unneeded, option); }

}  // namespace sz::plan
