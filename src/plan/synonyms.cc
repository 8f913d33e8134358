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
    {"group", "batch"},
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
    {"--key", "--by"},           {"--group-by", "--by"},          {"--field", "--by"},
    {"--count", "--size"},       {"--limit", "--size"},           {"--max", "--size"},
    {"--interval", "--every"},   {"--period", "--every"},         {"--timeout", "--every"},
    {"--max-wait", "--every"},   {"--retries", "--attempts"},     {"--tries", "--attempts"},
    {"--times", "--attempts"},   {"--max-retries", "--attempts"}, {"--max-attempts", "--attempts"},
    {"--parallel", "--jobs"},    {"--concurrency", "--jobs"},     {"--file", "--input"},
    {"--parallel", "--threads"}, {"--jobs", "--threads"},         {"--output", "--to"},
    {"--hop", "--slide"},        {"--step", "--slide"},           {"--window", "--ttl"},
    {"--wait", "--quiet"},       {"--raw", "--raw-output"},
};

constexpr std::string_view compact = "a record is one line, compact: leave it out";
constexpr std::string_view gather = "sz hands on one record after the other; batch and aggregate gather them";
constexpr std::string_view no_input = "sz needs a record to begin with: echo null | sz ...";
constexpr std::string_view plain = "records are never coloured; --color is for messages and help";
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
    {"-V", "did you mean \"--version\"?"},
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

std::string_view needless(std::string_view option) { return look_up(unneeded, option); }

}  // namespace sz::plan
